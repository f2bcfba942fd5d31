package io.descry.os;

/**
 * What the kernel says of one socket.
 *
 * @param protocol {@code tcp}, {@code tcp6}, {@code udp}, {@code udp6} or {@code unix}
 * @param local local address, {@code 127.0.0.1:8080}, {@code [::1]:8080}, a path, or empty when
 *     unbound
 * @param remote address of the peer, empty when there is none
 * @param state the TCP state under the kernel's name ({@code ESTABLISHED}, {@code CLOSE_WAIT},
 *     ...), empty when the protocol has none
 * @param receiveQueue bytes received and not yet read, -1 when unknown
 * @param sendQueue bytes sent and not yet acknowledged, -1 when unknown
 * @param idleMillis time since data last went either way, in milliseconds, -1 when unknown
 */
public record Socket(
    String protocol,
    String local,
    String remote,
    String state,
    long receiveQueue,
    long sendQueue,
    long idleMillis) {}
