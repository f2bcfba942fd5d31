/**
 * What an application may tell Descry: how many descriptors it believes it holds. Needs nothing but
 * java.base, and does nothing where the agent does not run.
 */
package io.descry.api;
