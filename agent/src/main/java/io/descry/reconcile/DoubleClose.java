package io.descry.reconcile;

import io.descry.os.Kind;
import io.descry.os.tracer.FailedClose;

/**
 * Native code beside the JDK closed a number that was closed already.
 *
 * @param close the close that failed, and the use that had been closed before; both are known
 * @param library who closed it again
 * @param kind what had been open, as far as the call that opened it tells; {@link Kind#OTHER} else
 * @param site where it was closed again; {@link Site#UNKNOWN} when not known
 */
public record DoubleClose(FailedClose close, Library library, Kind kind, Site site) {}
