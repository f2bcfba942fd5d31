package io.descry.os.linux;

import io.descry.os.Socket.Stage;

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

  /**
   * How far a socket of that state has come; {@link Stage#UNKNOWN} for CLOSE, which is before the
   * beginning as well as after the end.
   */
  static Stage stage(int number) {
    if (number < 1 || number > ALL.length) {
      return Stage.UNKNOWN;
    }
    return switch (ALL[number - 1]) {
      case ESTABLISHED, FIN_WAIT1, FIN_WAIT2 -> Stage.CONNECTED;
      case SYN_SENT, SYN_RECV, NEW_SYN_RECV -> Stage.CONNECTING;
      case LISTEN -> Stage.LISTENING;
      case CLOSE_WAIT -> Stage.PEER_FINISHED;
      case LAST_ACK, CLOSING, TIME_WAIT -> Stage.OVER;
      case CLOSE -> Stage.UNKNOWN;
    };
  }

  /** Whether the peer's FIN has come, which the kernel counts as a byte received. */
  static boolean hadEnd(int number) {
    return number >= 1
        && number <= ALL.length
        && switch (ALL[number - 1]) {
          case CLOSE_WAIT, LAST_ACK, CLOSING, TIME_WAIT -> true;
          default -> false;
        };
  }
}
