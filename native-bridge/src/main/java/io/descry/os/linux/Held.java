package io.descry.os.linux;

/** A number that a library of Descry's holds open for good, and what it led to at first. */
record Held(int number, long device, long inode) {

  /** Whether it leads there still; else somebody closed it, and it may be the application's now. */
  boolean isStill(FileStatus status) {
    return status.read(number) == 0 && status.device == device && status.inode == inode;
  }
}
