package io.descry.os.symbols;

/**
 * A shared object as it is loaded in this process.
 *
 * @param path of its file, which may be gone or be another by now; empty for the executable
 * @param buildId in hexadecimal; {@code null} when it has none
 * @param base what its virtual addresses are relative to
 * @param begin lowest mapped address
 * @param end beyond the highest mapped address
 * @param dynamic address of its dynamic section, 0 when it has none
 * @param isLoaded whether it still is, as far as is known: of one that is not, no memory is read
 */
public record Image(
    String path, String buildId, long base, long begin, long end, long dynamic, boolean isLoaded) {}
