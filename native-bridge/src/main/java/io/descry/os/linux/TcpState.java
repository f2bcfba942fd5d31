package io.descry.os.linux;

/** The states of include/net/tcp_states.h; the ordinal plus one is the kernel's number. */
enum TcpState {
  ESTABLISHED,
  SYN_SENT,
  SYN_RECV,
  FIN_WAIT1,
  FIN_WAIT2,
  TIME_WAIT,
  CLOSE,
  CLOSE_WAIT,
  LAST_ACK,
  LISTEN,
  CLOSING,
  NEW_SYN_RECV;

  private static final TcpState[] ALL = values();

  /** The state's name, empty for a number that this kernel should not have. */
  static String name(int number) {
    return number >= 1 && number <= ALL.length ? ALL[number - 1].name() : "";
  }

  /** Whether data can have gone either way, so that a time since then means something. */
  static boolean hadData(int number) {
    return number >= 1
        && number <= ALL.length
        && switch (ALL[number - 1]) {
          case CLOSE, LISTEN, SYN_SENT, SYN_RECV, NEW_SYN_RECV -> false;
          default -> true;
        };
  }
}
