package io.descry.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A page of docs/: what it tells its readers to type and to write into files, word for word. */
final class Page {
  private final String name;
  private final List<Block> blocks;

  private record Block(String language, String text) {}

  private Page(String name, List<Block> blocks) {
    this.name = name;
    this.blocks = List.copyOf(blocks);
  }

  /**
   * Reads a page.
   *
   * @param name under docs/
   */
  static Page of(String name) {
    List<Block> blocks = new ArrayList<>();
    String language = null;
    StringBuilder text = new StringBuilder();
    for (String line : lines(name)) {
      if (!line.startsWith("```")) {
        text.append(line).append('\n');
      } else if (language == null) {
        language = line.substring(3).strip();
        text.setLength(0);
      } else {
        blocks.add(new Block(language, text.toString()));
        language = null;
      }
    }
    return new Page(name, blocks);
  }

  private static List<String> lines(String name) {
    try {
      return Files.readAllLines(
          Path.of(System.getProperty("descry.test.root"), "docs").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The text of the only fenced block of this language that contains this; fails if there is none
   * or more than one, so that nobody tests a block that the page no longer has.
   */
  String block(String language, String containing) {
    List<String> found =
        blocks.stream()
            .filter(block -> block.language.equals(language) && block.text.contains(containing))
            .map(Block::text)
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "%d blocks of '%s' in docs/%s contain: %s"
              .formatted(found.size(), language, name, containing));
    }
    return found.get(0);
  }
}
