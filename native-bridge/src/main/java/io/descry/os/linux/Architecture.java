package io.descry.os.linux;

/**
 * What differs between the processors that Descry knows: system call numbers and the layout of
 * {@code struct stat}, as in the kernel's arch/x86/entry/syscalls/syscall_64.tbl and
 * include/uapi/asm-generic/unistd.h (aarch64), asm/stat.h of both.
 */
enum Architecture {
  X86_64(217, 332, 5, 247, 312, 24, 16),
  AARCH64(61, 291, 80, 95, 272, 16, 20);

  final int getdents64;
  final int statx;
  final int fstat;
  final int waitid;
  final int kcmp;

  /** Where {@code st_mode} stands in the kernel's {@code struct stat}. */
  final int modeOffset;

  /** Where {@code st_nlink} stands there, its low half where it has 64 bits. */
  final int linksOffset;

  Architecture(
      int getdents64, int statx, int fstat, int waitid, int kcmp, int modeOffset, int linksOffset) {
    this.getdents64 = getdents64;
    this.statx = statx;
    this.fstat = fstat;
    this.waitid = waitid;
    this.kcmp = kcmp;
    this.modeOffset = modeOffset;
    this.linksOffset = linksOffset;
  }

  /** The processor that the JVM calls {@code name} in os.arch; {@code null} when not known here. */
  static Architecture of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default -> null;
    };
  }
}
