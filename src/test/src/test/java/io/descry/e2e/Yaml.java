package io.descry.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML 1.2, with anchors, as the tree that JSON would be. */
final class Yaml {
  private static final ObjectMapper STRICT = strict();

  private Yaml() {}

  /** One document; a key that stands twice is an error. */
  static JsonNode read(String text) {
    LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
    return new ObjectMapper().valueToTree(new Load(settings).loadFromString(text));
  }

  /**
   * A document as an object of this kind, by the Java classes that are made from the schemas of
   * Kubernetes.
   *
   * @throws JsonProcessingException when a field is not of the kind's, or of another type
   */
  static <T> T as(Class<T> kind, JsonNode document) throws JsonProcessingException {
    return STRICT.treeToValue(document, kind);
  }

  /** These classes take in what they do not know; here that is an error. */
  private static ObjectMapper strict() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.setAnnotationIntrospector(
        new JacksonAnnotationIntrospector() {
          private static final long serialVersionUID = 1L;

          @Override
          public Boolean hasAnySetter(Annotated method) {
            return false;
          }
        });
    return mapper;
  }
}
