package io.descry.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * One client: its request is read within a time, its answer written for as long as it goes on
 * reading.
 */
final class WebConnection {
  private static final int PIECE = 8 * 1024;
  private static final int MOST_DRAINED = 64 * 1024;
  private static final int DRAIN_MILLIS = 1000;
  private static final long NOT_WRITING = Long.MAX_VALUE;

  private final Socket socket;
  private final long patience;
  private final long begun = System.nanoTime();
  private final InputStream in;
  private final OutputStream out;
  private volatile long writingSince = NOT_WRITING;
  private volatile boolean streams;

  WebConnection(Socket socket, long patienceNanos) throws IOException {
    this.socket = socket;
    this.patience = patienceNanos;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(new Timed(socket.getInputStream()), 1024);
    out = new BufferedOutputStream(new Watched(socket.getOutputStream()), PIECE);
  }

  InputStream input() {
    return in;
  }

  OutputStream output() {
    return out;
  }

  /** From now on it may last. */
  void stream() {
    streams = true;
  }

  /** Whether it has not read for too long what is written to it. */
  boolean isStuck() {
    long since = writingSince;
    return since != NOT_WRITING && System.nanoTime() - since > patience;
  }

  /** Whether it has had its time, and is none that may last. */
  boolean isOverdue() {
    return !streams && System.nanoTime() - begun > patience;
  }

  boolean isClientGone() {
    try {
      socket.setSoTimeout(1);
      // The end of the stream, or words that nobody asked for.
      socket.getInputStream().read();
      return true;
    } catch (SocketTimeoutException e) {
      // Silent, as it has to be.
      return false;
    } catch (IOException e) {
      // Reset.
      return true;
    }
  }

  /**
   * Ends it so that the answer arrives: a socket that is closed with something unread in it is
   * reset, and the client may lose what it has not read yet (RFC 9112, 9.6).
   */
  void finish() throws IOException {
    out.flush();
    socket.shutdownOutput();
    socket.setSoTimeout(DRAIN_MILLIS);
    byte[] dropped = new byte[1024];
    int left = MOST_DRAINED;
    try {
      for (int got = 0; got >= 0 && left > 0 && !isOverdue(); left -= got) {
        got = socket.getInputStream().read(dropped);
      }
    } catch (SocketTimeoutException e) {
      // Whoever goes on sending nothing has had its answer.
    }
  }

  /** Ends it at once, whatever its thread is doing. */
  void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use either way.
    }
  }

  /** Reads no longer than the whole request may take. */
  private final class Timed extends InputStream {
    private final InputStream from;

    Timed(InputStream from) {
      this.from = from;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      long left = TimeUnit.NANOSECONDS.toMillis(patience - (System.nanoTime() - begun));
      if (left <= 0) {
        throw new SocketTimeoutException("the request takes too long");
      }
      socket.setSoTimeout((int) left);
      return from.read(into, offset, length);
    }
  }

  /** Writes piece by piece, so that progress shows. */
  private final class Watched extends OutputStream {
    private final OutputStream to;

    Watched(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      for (int at = offset; at < offset + length; at += PIECE) {
        writingSince = System.nanoTime();
        to.write(from, at, Math.min(PIECE, offset + length - at));
        writingSince = NOT_WRITING;
      }
    }
  }
}
