package io.descry.alert;

/**
 * Who speaks to a webhook.
 *
 * @param version Descry's version
 * @param pid process id
 * @param command main class or jar with its arguments
 * @param host name of the machine or container; {@code null} when not known
 */
public record Sender(String version, long pid, String command, String host) {}
