package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.OwnedDescriptor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What PowerShell is given on Windows: its own commands, which need nothing installed, and
 * Sysinternals' {@code handle}, the only one that lists handles; it prints them in hexadecimal, by
 * their type ({@code handle -a}: all types, {@code -p}: of a process, {@code -nobanner}).
 *
 * @param pid of the process, as it sees itself
 */
record WindowsCommands(long pid) implements Commands {
  @Override
  public String count(Kind kind) {
    return switch (kind) {
      case SOCKET_TCP -> counted("Get-NetTCPConnection -OwningProcess " + pid);
      case SOCKET_UDP -> counted("Get-NetUDPEndpoint -OwningProcess " + pid);
      case SOCKET_UNIX -> matching("\\\\Device\\\\Afd");
      case PIPE -> matching("\\\\Device\\\\NamedPipe");
      case FILE, DIRECTORY -> matching(": File .* [A-Z]:\\\\");
      case DEVICE -> matching(": File .*\\\\Device");
      case EVENT -> matching(": Event");
      case SEMAPHORE -> matching(": Semaphore");
      case MUTANT -> matching(": Mutant");
      case TIMER -> matching(": (IR)?Timer");
      case THREAD -> matching(": Thread");
      case PROCESS -> matching(": Process");
      case KEY -> matching(": Key");
      case SECTION -> matching(": Section");
      case IO_COMPLETION -> matching(": IoCompletion ");
      case EVENTPOLL, EVENTFD, TIMERFD, SIGNALFD, INOTIFY, IO_URING, MEMFD, PIDFD, OTHER -> all();
    };
  }

  @Override
  public String all() {
    return "(Get-Process -Id " + pid + ").HandleCount";
  }

  @Override
  public String countOf(List<OwnedDescriptor> descriptors) {
    if (descriptors.size() > NUMBERS) {
      List<Kind> kinds =
          descriptors.stream().map(owned -> owned.descriptor().kind()).distinct().toList();
      return kinds.size() == 1 ? count(kinds.get(0)) : all();
    }
    return counted(list(descriptors));
  }

  @Override
  public String count(Kind kind, List<OwnedDescriptor> descriptors) {
    return count(kind);
  }

  @Override
  public String counts(Map<Kind, List<OwnedDescriptor>> byKind) {
    return byKind.keySet().stream().map(this::count).collect(Collectors.joining("; "));
  }

  @Override
  public String list(List<OwnedDescriptor> descriptors) {
    return numbers(descriptors.stream().map(owned -> owned.descriptor().number()).toList());
  }

  @Override
  public String numbers(List<Integer> numbers) {
    return handles()
        + numbers.stream()
            .limit(NUMBERS)
            .map("%X"::formatted)
            .collect(Collectors.joining("|", " | Select-String '^ *(", "): '"));
  }

  @Override
  public String targets(List<OwnedDescriptor> descriptors) {
    return list(descriptors);
  }

  @Override
  public String failingCloses() {
    return all();
  }

  @Override
  public String waitAndNumber(int thread, int number) {
    return numbers(List.of(number));
  }

  @Override
  public String sleepAndNumber(int thread, int number) {
    return numbers(List.of(number));
  }

  @Override
  public String polled(int thread, int number) {
    return numbers(List.of(number));
  }

  @Override
  public String selected(int thread, int number) {
    return numbers(List.of(number));
  }

  @Override
  public String inherited(int child, int number) {
    return numbers(List.of(number)) + "; handle -nobanner -a -p " + child;
  }

  @Override
  public String deleted(List<OwnedDescriptor> descriptors) {
    return list(descriptors);
  }

  @Override
  public String withoutPeer(List<OwnedDescriptor> descriptors) {
    return list(descriptors);
  }

  @Override
  public String unconnected(List<OwnedDescriptor> sockets) {
    return counted(list(sockets)) + "; netstat -ano -p tcp | Select-String ' " + pid + "$'";
  }

  @Override
  public String closeWait(List<OwnedDescriptor> sockets) {
    return counted("Get-NetTCPConnection -State CloseWait -OwningProcess " + pid);
  }

  @Override
  public String withoutBytes(List<OwnedDescriptor> sockets) {
    return list(sockets);
  }

  @Override
  public String atStart(List<OwnedDescriptor> files) {
    return list(files);
  }

  @Override
  public String atZero(List<OwnedDescriptor> eventfds) {
    return list(eventfds);
  }

  @Override
  public String watched(List<OwnedDescriptor> loops) {
    return list(loops);
  }

  @Override
  public String unwatched(List<OwnedDescriptor> descriptors) {
    return list(descriptors);
  }

  @Override
  public String unpolled(List<OwnedDescriptor> loops) {
    return list(loops);
  }

  @Override
  public String ended(List<Integer> threads) {
    return "(Get-Process -Id " + pid + ").Threads.Id";
  }

  @Override
  public String libraries() {
    return "(Get-Process -Id " + pid + ").Modules.FileName";
  }

  @Override
  public String limit() {
    return all();
  }

  @Override
  public String afterCollection(String command) {
    return "jcmd " + pid + " GC.run; " + command;
  }

  @Override
  public String raiseLimit(long soft, long hard) {
    return all();
  }

  /** Lines that match a regular expression of .NET's, counted. */
  private String matching(String pattern) {
    return counted(handles() + " | Select-String '" + pattern + "'");
  }

  private String handles() {
    return "handle -nobanner -a -p " + pid;
  }

  private static String counted(String command) {
    return "@(" + command + ").Count";
  }
}
