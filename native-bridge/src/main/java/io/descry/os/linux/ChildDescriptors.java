package io.descry.os.linux;

import io.descry.os.Blind;
import io.descry.os.ChildHold;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds out which of this process's descriptors its children hold.
 *
 * <p>That there are children is asked by waitid(2) with WNOHANG and WNOWAIT, which takes nothing
 * away from whoever waits for them; who they are by /proc/self/task/N/children (proc(5), Linux 4.2
 * or CONFIG_PROC_CHILDREN); whether a number is the same open file here and there by kcmp(2), which
 * the kernel allows for whoever may read the child's /proc (PTRACE_MODE_READ). Where a seccomp
 * filter forbids kcmp, sockets and pipes are told by the inode in /proc/CHILD/fd/N, which no other
 * socket or pipe has.
 *
 * <p>For one thread at a time.
 */
final class ChildDescriptors {
  /** How many threads are asked for their children at a time: some 10 µs each. */
  private static final int THREADS_AT_ONCE = 256;

  private static final int CHILDREN_AT_ONCE = 4;
  private static final int NUMBERS_AT_ONCE = 512;

  private static final int P_ALL = 0;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;
  private static final int ALSO_CLONES = 0x4000_0000; // __WALL, Linux 4.7 for waitid
  private static final int KCMP_FILE = 0;
  private static final int AT_FDCWD = -100;
  private static final int PATH = 64;
  private static final int TARGET = 128;

  private final Architecture architecture;
  private final HeldDirectory directory;
  private final NativeMemory memory = new NativeMemory(PATH + TARGET);
  private final int self = (int) ProcessHandle.current().pid();
  private volatile Blind blind;
  private int lastThread;
  private int lastChild;

  ChildDescriptors(Architecture architecture, HeldDirectory directory) {
    this.architecture = architecture;
    this.directory = directory;
  }

  /** What is not seen, as soon as kcmp was refused; {@code null} before. */
  Blind blind() {
    return blind;
  }

  List<ChildHold> of(List<Descriptor> descriptors) {
    if (descriptors.isEmpty() || !hasChildren()) {
      return List.of();
    }
    int[] children = children();
    List<ChildHold> holds = new ArrayList<>();
    int asked = Math.min(children.length, CHILDREN_AT_ONCE);
    int first = after(children, lastChild);
    for (int i = 0; i < asked; i++) {
      lastChild = children[(first + i) % children.length];
      add(holds, lastChild, descriptors);
    }
    return holds;
  }

  private boolean hasChildren() {
    return Libc.syscall(
            architecture.waitid, P_ALL, 0, 0, WEXITED | WNOHANG | WNOWAIT | ALSO_CLONES, 0)
        == 0;
  }

  /** Children belong to the thread that made them until that ends. */
  private int[] children() {
    int[] threads = directory.threads();
    Arrays.sort(threads);
    Set<Integer> children = new TreeSet<>();
    int asked = Math.min(threads.length, THREADS_AT_ONCE);
    int first = after(threads, lastThread);
    for (int i = 0; i < asked; i++) {
      lastThread = threads[(first + i) % threads.length];
      String text = directory.read(ThreadSampler.TASKS + "/" + lastThread + "/children");
      for (String child : text == null ? new String[0] : text.strip().split(" ")) {
        if (!child.isEmpty()) {
          children.add(Integer.valueOf(child));
        }
      }
    }
    return children.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int after(int[] sorted, int last) {
    int at = Arrays.binarySearch(sorted, last + 1);
    return at < 0 ? -at - 1 : at;
  }

  private void add(List<ChildHold> holds, int child, List<Descriptor> descriptors) {
    // A child that has not been through execve(2) holds also what is closed by that, as this is.
    if (isSame(child, directory.number(), "/proc/" + self + "/fd") != Same.NO) {
      return;
    }
    for (Descriptor descriptor :
        descriptors.subList(0, Math.min(descriptors.size(), NUMBERS_AT_ONCE))) {
      boolean oneOfAKind = descriptor.kind().isSocket() || descriptor.kind() == Kind.PIPE;
      String target = oneOfAKind ? descriptor.target() : null;
      Same same = isSame(child, descriptor.number(), target);
      if (same == Same.FILE || same == Same.INODE) {
        holds.add(new ChildHold(child, name(child), descriptor.number(), same == Same.FILE));
      }
    }
  }

  private enum Same {
    FILE,
    INODE,
    NO,
    UNKNOWN
  }

  /**
   * Whether the child's number is the same open file as this process's.
   *
   * @param target what no other open file leads to but this; {@code null} when that is not so
   */
  private Same isSame(int child, int number, String target) {
    long order = Libc.syscall(architecture.kcmp, self, child, KCMP_FILE, number, number);
    if (order >= 0) {
      return order == 0 ? Same.FILE : Same.NO;
    }
    int errno = Libc.errno();
    if (errno == Errno.EBADF) {
      return Same.NO;
    }
    if (errno == Errno.ESRCH) {
      return Same.UNKNOWN; // it has ended
    }
    if (blind == null) {
      blind =
          new Blind(
              "which files a child process inherits",
              Instant.now(),
              "kcmp(2) was refused: " + Errno.name(errno));
    }
    if (target == null) {
      return Same.UNKNOWN;
    }
    String there = link("/proc/" + child + "/fd/" + number);
    return there == null ? Same.UNKNOWN : there.equals(target) ? Same.INODE : Same.NO;
  }

  /** What a link in /proc leads to; {@code null} when there is none or it is refused. */
  private String link(String path) {
    memory.putText(0, path);
    long size = Libc.readlinkat(AT_FDCWD, memory.address(0), memory.address(PATH), TARGET);
    return size < 0 || size == TARGET
        ? null
        : new String(memory.copy(PATH, (int) size), StandardCharsets.UTF_8);
  }

  void free() {
    memory.close();
  }

  private String name(int child) {
    String name = directory.readPiece("/proc/" + child + "/comm");
    return name == null ? null : name.strip();
  }
}
