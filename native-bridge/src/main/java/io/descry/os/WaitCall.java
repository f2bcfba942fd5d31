package io.descry.os;

/** The system calls that a thread waits in, as far as Descry tells them apart. */
public enum WaitCall {
  /** epoll_wait(2) and its variants: the number is the eventpoll's. */
  EPOLL_WAIT("epoll_wait"),
  /** io_uring_enter(2): the number is the ring's, unknown when the ring was registered. */
  IO_URING_ENTER("io_uring_enter"),
  /** poll(2) and ppoll(2): the numbers stand in the application's memory. */
  POLL("poll"),
  /** select(2) and pselect(2): the numbers are bits in the application's memory. */
  SELECT("select"),
  /** read(2) and its variants. */
  READ("read"),
  /** write(2) and its variants. */
  WRITE("write"),
  /** recv(2) and its variants. */
  RECEIVE("recv"),
  /** send(2) and its variants. */
  SEND("send"),
  /** accept(2). */
  ACCEPT("accept"),
  /** connect(2). */
  CONNECT("connect"),
  /** futex(2): a lock, a condition or a parked thread; there is no number. */
  FUTEX("futex"),
  /** Any other; the number is unknown. */
  OTHER("other");

  private final String label;

  WaitCall(String label) {
    this.label = label;
  }

  /** The call's name, as in its manual page. */
  public String label() {
    return label;
  }
}
