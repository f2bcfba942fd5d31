package io.descry.instrument;

/** A value that advised code has at hand and passes to the ledger. */
sealed interface Operand {
  /** The object whose method is advised. */
  record This() implements Operand {}

  /** A field of the object whose method is advised, declared in the same class or inherited. */
  record Field(String name, String descriptor) implements Operand {}

  /** What a method without parameters of the object whose method is advised returns. */
  record Getter(String name, String descriptor) implements Operand {}

  /** A parameter, counted from 0 without the receiver. */
  record Parameter(int index) implements Operand {}

  /** A field of a parameter, which is cast to {@code type} first. */
  record ParameterField(int index, String type, String name, String descriptor)
      implements Operand {}

  /** The first parameter of a type. */
  record ParameterOfType(String descriptor) implements Operand {}

  /** What the method returns. */
  record Result() implements Operand {}

  /** A number that is known beforehand, of 16 bits. */
  record Constant(int value) implements Operand {}
}
