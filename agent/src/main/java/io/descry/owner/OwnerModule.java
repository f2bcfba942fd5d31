package io.descry.owner;

import java.util.List;

/**
 * What Descry must know of one library to tell which of its Java objects stand for something
 * native. Found by {@link java.util.ServiceLoader}: a module is a public class with a public
 * constructor without parameters, named in {@code META-INF/services/io.descry.owner.OwnerModule}.
 *
 * <p>{@link #handles()} is asked once, on the thread that starts Descry; the others in Descry's
 * threads when a report is made. What they throw is taken for "unknown".
 */
public interface OwnerModule {
  /**
   * The classes whose objects are handles. They are advised when they load, in every class loader,
   * wherever a copy of the library was moved to.
   */
  List<HandleType> handles();

  /**
   * The Maven artefact that a handle comes from, {@code group:artifact}. The artefact's name is the
   * library's name in reports, its version is looked up.
   *
   * @param className class of the object
   */
  String artifact(String className);

  /**
   * What the object means to its application, such as {@code event loop of thread worker-1}, in one
   * line; {@code null} when there is nothing to say. The text may come from outside. It must not
   * change the object, nor keep it.
   *
   * @param handle an object of one of {@link #handles()}
   */
  default String meaning(Object handle) {
    return null;
  }

  /**
   * Whether nothing but an object itself can close what it stands for, so that this stays open for
   * good once the object is garbage-collected without having been closed: the class has no cleaner
   * and no finalizer, and neither the library nor the application gets the number out of it. Only
   * what is proven; false of a wrapper for a number that others may have too.
   *
   * @param className class of the object
   * @param wholeClassName class of the object that it is a part of; {@code null} when it is of none
   */
  default boolean closesAlone(String className, String wholeClassName) {
    return false;
  }
}
