package io.descry.apps.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Counts articles, twice: so that nothing stays open, and the way it is often written. */
@RestController
public class ArticleController {
  private final Path articles = Path.of(".");

  /** Closes the directory. */
  @GetMapping("/articles")
  public long articles() throws IOException {
    try (Stream<Path> listed = Files.list(articles)) {
      return listed.count();
    }
  }

  /** Leak: the stream is a directory that stays open. */
  @GetMapping("/articles/count")
  public long count() throws IOException {
    return Files.list(articles).count();
  }
}
