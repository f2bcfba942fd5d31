package io.descry.os.linux;

/**
 * A {@code struct tcp_info} (include/uapi/linux/tcp.h), of which each kernel has as many bytes as
 * it knows, in native memory.
 *
 * @param at where it begins
 * @param size how many bytes the kernel wrote, 0 when it refused
 */
record TcpInfo(NativeMemory memory, int at, int size) {
  /** As many bytes as are read here, and some. */
  static final int BYTES = 240;

  private static final int LAST_DATA_SENT = 44;
  private static final int LAST_DATA_RECEIVED = 52;
  private static final int NEEDED = 56;
  private static final int BYTES_ACKED = 120;
  private static final int BYTES_RECEIVED = 128;
  private static final int SEGMENTS_OUT = 136;
  private static final int SEGMENTS_IN = 140;
  private static final int DATA_SEGMENTS_IN = 152;
  private static final int DATA_SEGMENTS_OUT = 156;
  private static final int COUNTS = 160; // Linux 4.6
  private static final int BYTES_SENT = 200;
  private static final int BYTES_RETRANSMITTED = 208;
  private static final int ALL_BYTES = 216; // Linux 4.19

  /** As {@link TcpState} numbers them; 0 when unknown. */
  int state() {
    return size > 0 ? memory.u8(at) : 0;
  }

  /** A listening socket's queue counts connections, not bytes. */
  boolean listens() {
    return state() == TcpState.LISTEN.ordinal() + 1;
  }

  /** {@link io.descry.os.Socket#idleMillis}. */
  long idleMillis() {
    return size >= NEEDED && TcpState.hadData(state())
        ? Math.min(memory.u32(at + LAST_DATA_SENT), memory.u32(at + LAST_DATA_RECEIVED))
        : -1;
  }

  /** Whether bytes and segments are known. */
  boolean counts() {
    return size >= COUNTS && !listens();
  }

  /** In both directions, with those that carry no data. */
  long segments() {
    return memory.u32(at + SEGMENTS_OUT) + memory.u32(at + SEGMENTS_IN);
  }

  /** {@link io.descry.os.Socket#bytesSent}. */
  long sent() {
    if (!counts()) {
      return -1;
    }
    if (size >= ALL_BYTES) {
      long again = memory.i64(at + BYTES_RETRANSMITTED);
      return Math.max(0, memory.i64(at + BYTES_SENT) - again);
    }
    // Counts SYN and FIN as well, so it cannot tell that there was no data.
    boolean any = memory.u32(at + DATA_SEGMENTS_OUT) > 0;
    return any ? memory.i64(at + BYTES_ACKED) : 0;
  }

  /** {@link io.descry.os.Socket#bytesReceived}. */
  long received() {
    if (!counts()) {
      return -1;
    }
    if (memory.u32(at + DATA_SEGMENTS_IN) == 0) {
      return 0;
    }
    long bytes = memory.i64(at + BYTES_RECEIVED);
    return TcpState.hadEnd(state()) ? bytes - 1 : bytes;
  }
}
