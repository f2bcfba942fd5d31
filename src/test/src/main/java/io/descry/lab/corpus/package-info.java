/**
 * The corpus: programs, each with its truth in code, and the score of what Descry says of them.
 * {@link io.descry.lab.corpus.Lab} runs them; {@link io.descry.lab.corpus.Run} is one of them, in a
 * JVM of its own.
 */
package io.descry.lab.corpus;
