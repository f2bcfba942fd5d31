package io.descry.os.windows;

import io.descry.os.Socket.Stage;

/**
 * The states of MIB_TCP_STATE (tcpmib.h) under the names that reports have for them on every
 * system; the ordinal plus one is Windows' number.
 */
enum TcpState {
  CLOSE(Stage.OVER),
  LISTEN(Stage.LISTENING),
  SYN_SENT(Stage.CONNECTING),
  SYN_RECV(Stage.CONNECTING),
  ESTABLISHED(Stage.CONNECTED),
  FIN_WAIT1(Stage.CONNECTED),
  FIN_WAIT2(Stage.CONNECTED),
  CLOSE_WAIT(Stage.PEER_FINISHED),
  CLOSING(Stage.OVER),
  LAST_ACK(Stage.OVER),
  TIME_WAIT(Stage.OVER),
  DELETE_TCB(Stage.OVER);

  private static final TcpState[] ALL = values();

  private final Stage stage;

  TcpState(Stage stage) {
    this.stage = stage;
  }

  /** {@code null} for a number that is none of these. */
  static TcpState of(int number) {
    return number >= 1 && number <= ALL.length ? ALL[number - 1] : null;
  }

  /** How far a socket of this state has come. */
  Stage stage() {
    return stage;
  }
}
