package io.descry.lab.ways;

import static io.descry.lab.ways.Way.way;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Formatter;
import java.util.List;
import java.util.Scanner;
import java.util.zip.GZIPOutputStream;

/** java.io, all that wraps it, and the channels over files. */
final class FileWays {
  private FileWays() {}

  static List<Way> ways() {
    return List.of(
        way(FileWays.class, "fileInputStream", FileWays::fileInputStream, "file"),
        way(FileWays.class, "fileInputStreamByName", FileWays::fileInputStreamByName, "file"),
        way(FileWays.class, "fileInputStreamOfDevice", FileWays::fileInputStreamOfDevice, "device"),
        way(FileWays.class, "fileOutputStream", FileWays::fileOutputStream, "file"),
        way(
            FileWays.class,
            "fileOutputStreamAppending",
            FileWays::fileOutputStreamAppending,
            "file"),
        way(FileWays.class, "randomAccessFile", FileWays::randomAccessFile, "file"),
        way(FileWays.class, "randomAccessFileWriting", FileWays::randomAccessFileWriting, "file"),
        way(FileWays.class, "fileReader", FileWays::fileReader, "file"),
        way(FileWays.class, "fileWriter", FileWays::fileWriter, "file"),
        way(FileWays.class, "printWriter", FileWays::printWriter, "file"),
        way(FileWays.class, "printStream", FileWays::printStream, "file"),
        way(FileWays.class, "formatter", FileWays::formatter, "file"),
        way(FileWays.class, "scanner", FileWays::scanner, "file"),
        way(FileWays.class, "gzipOutputStream", FileWays::gzipOutputStream, "file"),
        way(FileWays.class, "objectOutputStream", FileWays::objectOutputStream, "file"),
        way(FileWays.class, "sequenceInputStream", FileWays::sequenceInputStream, "file", "file"),
        way(FileWays.class, "channelOfStream", FileWays::channelOfStream, "file"),
        way(
            FileWays.class,
            "channelOfRandomAccessFile",
            FileWays::channelOfRandomAccessFile,
            "file"),
        way(FileWays.class, "fileChannel", FileWays::fileChannel, "file"),
        way(FileWays.class, "fileChannelCreating", FileWays::fileChannelCreating, "file"),
        way(
            FileWays.class,
            "fileChannelDeletingOnClose",
            FileWays::fileChannelDeletingOnClose,
            "file"),
        way(FileWays.class, "fileChannelMapped", FileWays::fileChannelMapped, "file"),
        way(FileWays.class, "fileChannelLocked", FileWays::fileChannelLocked, "file"),
        way(FileWays.class, "asynchronousFileChannel", FileWays::asynchronousFileChannel, "file"),
        way(FileWays.class, "inputOverDescriptor", FileWays::inputOverDescriptor, "file"),
        way(FileWays.class, "outputOverDescriptor", FileWays::outputOverDescriptor, "file"),
        way(FileWays.class, "channelOverDescriptor", FileWays::channelOverDescriptor, "file"));
  }

  static AutoCloseable fileInputStream(Place place) throws Exception {
    return new FileInputStream(place.file().toFile());
  }

  static AutoCloseable fileInputStreamByName(Place place) throws Exception {
    return new FileInputStream(place.file().toString());
  }

  static AutoCloseable fileInputStreamOfDevice(Place place) throws Exception {
    return new FileInputStream("/dev/zero");
  }

  static AutoCloseable fileOutputStream(Place place) throws Exception {
    return new FileOutputStream(place.absent().toFile());
  }

  static AutoCloseable fileOutputStreamAppending(Place place) throws Exception {
    return new FileOutputStream(place.file().toFile(), true);
  }

  static AutoCloseable randomAccessFile(Place place) throws Exception {
    return new RandomAccessFile(place.file().toFile(), "r");
  }

  static AutoCloseable randomAccessFileWriting(Place place) throws Exception {
    return new RandomAccessFile(place.absent().toFile(), "rwd");
  }

  static AutoCloseable fileReader(Place place) throws Exception {
    BufferedReader reader = new BufferedReader(new FileReader(place.file().toFile()));
    reader.readLine();
    return reader;
  }

  static AutoCloseable fileWriter(Place place) throws Exception {
    return new FileWriter(place.absent().toFile());
  }

  static AutoCloseable printWriter(Place place) throws Exception {
    return new PrintWriter(place.absent().toFile());
  }

  static AutoCloseable printStream(Place place) throws Exception {
    return new PrintStream(place.absent().toFile());
  }

  static AutoCloseable formatter(Place place) throws Exception {
    return new Formatter(place.absent().toFile());
  }

  static AutoCloseable scanner(Place place) throws Exception {
    Scanner scanner = new Scanner(place.file().toFile());
    scanner.nextLine();
    return scanner;
  }

  static AutoCloseable gzipOutputStream(Place place) throws Exception {
    return new GZIPOutputStream(new FileOutputStream(place.absent().toFile()));
  }

  static AutoCloseable objectOutputStream(Place place) throws Exception {
    return new ObjectOutputStream(new FileOutputStream(place.absent().toFile()));
  }

  static AutoCloseable sequenceInputStream(Place place) throws Exception {
    return new SequenceInputStream(
        new FileInputStream(place.file().toFile()), new FileInputStream(place.file().toFile()));
  }

  static AutoCloseable channelOfStream(Place place) throws Exception {
    return new FileInputStream(place.file().toFile()).getChannel();
  }

  static AutoCloseable channelOfRandomAccessFile(Place place) throws Exception {
    return new RandomAccessFile(place.file().toFile(), "rw").getChannel();
  }

  static AutoCloseable fileChannel(Place place) throws Exception {
    return FileChannel.open(place.file());
  }

  static AutoCloseable fileChannelCreating(Place place) throws Exception {
    return FileChannel.open(
        place.absent(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  static AutoCloseable fileChannelDeletingOnClose(Place place) throws Exception {
    return FileChannel.open(
        place.file(), StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
  }

  static AutoCloseable fileChannelMapped(Place place) throws Exception {
    FileChannel channel = FileChannel.open(place.file());
    channel.map(FileChannel.MapMode.READ_ONLY, 0, 1).load();
    return channel;
  }

  static AutoCloseable fileChannelLocked(Place place) throws Exception {
    FileChannel channel = FileChannel.open(place.file(), StandardOpenOption.WRITE);
    channel.lock();
    return channel;
  }

  static AutoCloseable asynchronousFileChannel(Place place) throws Exception {
    AsynchronousFileChannel channel = AsynchronousFileChannel.open(place.file());
    channel.read(java.nio.ByteBuffer.allocate(1), 0).get();
    return channel;
  }

  static AutoCloseable inputOverDescriptor(Place place) throws Exception {
    File file = place.file().toFile();
    RandomAccessFile first = new RandomAccessFile(file, "r");
    FileDescriptor shared = first.getFD();
    return pair(first, new FileInputStream(shared));
  }

  static AutoCloseable outputOverDescriptor(Place place) throws Exception {
    FileOutputStream first = new FileOutputStream(place.absent().toFile());
    return pair(first, new FileOutputStream(first.getFD()));
  }

  static AutoCloseable channelOverDescriptor(Place place) throws Exception {
    FileInputStream first = new FileInputStream(place.file().toFile());
    return pair(first, new FileInputStream(first.getFD()).getChannel());
  }

  /**
   * Two ends of one descriptor: closing the second closes the number, the first only learns of it.
   */
  private static AutoCloseable pair(AutoCloseable first, AutoCloseable second) {
    return () -> {
      second.close();
      first.close();
    };
  }
}
