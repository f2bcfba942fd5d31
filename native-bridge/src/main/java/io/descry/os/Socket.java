package io.descry.os;

/**
 * What the kernel says of one socket.
 *
 * @param protocol {@code tcp}, {@code tcp6}, {@code udp}, {@code udp6} or {@code unix}
 * @param local local address, {@code 127.0.0.1:8080}, {@code [::1]:8080}, a path, or empty when
 *     unbound
 * @param remote address of the peer, empty when there is none
 * @param state the TCP state under the kernel's name ({@code ESTABLISHED}, {@code CLOSE_WAIT},
 *     ...), empty when the protocol has none
 * @param receiveQueue bytes received and not yet read, -1 when unknown
 * @param sendQueue bytes sent and not yet acknowledged, -1 when unknown
 * @param idleMillis time since data last went either way, in milliseconds, -1 when unknown
 * @param stage how far it has come
 * @param bytesSent bytes of data that a TCP socket sent since it was connected, each counted once;
 *     on kernels before 4.19, which do not count these, the bytes acknowledged, which may be one or
 *     two more; -1 when unknown
 * @param bytesReceived bytes of data that a TCP socket received in order since it was connected,
 *     one too many when it is {@link Stage#OVER} after an orderly end; -1 when unknown
 * @param errorPending whether an error waits to be taken by the application, or a notice that it
 *     asked for (MSG_ERRQUEUE of recv(2)): POLLERR of poll(2), which takes nothing
 */
public record Socket(
    String protocol,
    String local,
    String remote,
    String state,
    long receiveQueue,
    long sendQueue,
    long idleMillis,
    Stage stage,
    long bytesSent,
    long bytesReceived,
    Answer errorPending) {

  /** How far a socket has come in its life. */
  public enum Stage {
    /** Never bound, connected or listening. So is a TCP socket again whose connect failed. */
    CREATED,
    /**
     * Has a local address, which the system may have chosen, and no more. So is a TCP socket, with
     * a local port, whose connect failed after it blocked.
     */
    BOUND,
    /** Accepts connections. */
    LISTENING,
    /** Waits for the answer to its connect. */
    CONNECTING,
    /** Has a peer. */
    CONNECTED,
    /**
     * The peer sends no more, but may still receive: CLOSE_WAIT. Of a unix socket also when the
     * application itself shut down the receiving side, which the kernel does not tell apart.
     */
    PEER_FINISHED,
    /** Was connected, or tried to be, and nothing goes either way any more. */
    OVER,
    /** The system did not say. */
    UNKNOWN
  }

  /** A socket of which no more is known. */
  public Socket(
      String protocol,
      String local,
      String remote,
      String state,
      long receiveQueue,
      long sendQueue,
      long idleMillis) {
    this(
        protocol,
        local,
        remote,
        state,
        receiveQueue,
        sendQueue,
        idleMillis,
        Stage.UNKNOWN,
        -1,
        -1,
        Answer.UNKNOWN);
  }
}
