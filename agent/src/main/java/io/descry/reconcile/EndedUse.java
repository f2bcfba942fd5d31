package io.descry.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * A use of a number that has ended, whether or not a scan saw it open: a sample of those of its
 * site. Of each number the books keep the latest use, so that what was opened and closed before it,
 * since the scan before, is not known.
 *
 * @param number which it had
 * @param owner {@link Owner#JAVA} or {@link Owner#LIBRARY}
 * @param library as in the group of what the site has open
 * @param site where it was opened, known; equal to that of the group of what the site has open
 * @param opened when, as {@link OwnedDescriptor#opened()} says of the same use
 * @param lived how long, at most
 * @param closer who closed it when that was not who had opened it; {@code null} else
 */
public record EndedUse(
    int number,
    Owner owner,
    Library library,
    Site site,
    Instant opened,
    Duration lived,
    String closer) {}
