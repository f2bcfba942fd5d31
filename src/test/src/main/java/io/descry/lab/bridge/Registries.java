package io.descry.lab.bridge;

import io.descry.lab.Dialogue;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A program with Micrometer on its class path, a registry in the global one and one beside it; and
 * with a web application, so to speak, that brings an older Micrometer, and goes.
 */
public final class Registries {
  private static Object deployed;

  private Registries() {}

  /**
   * The program. To {@code show} it says which meters of Descry each registry has, to {@code
   * undeploy} whether the web application's loader was collected.
   *
   * @param args jars of the older Micrometer
   */
  public static void main(String[] args) throws Exception {
    SimpleMeterRegistry global = new SimpleMeterRegistry();
    Metrics.addRegistry(global);
    SimpleMeterRegistry beside = new SimpleMeterRegistry();
    WeakReference<ClassLoader> loader = new WeakReference<>(deploy(args));
    Dialogue.say("ready");
    for (String line = Dialogue.hear(); line != null; line = Dialogue.hear()) {
      if (line.equals("show")) {
        show("global", global);
        show("beside", beside);
        show("older", deployed);
        Dialogue.say("shown");
      } else if (line.equals("undeploy")) {
        ((URLClassLoader) loader.get()).close();
        deployed = null;
        for (int i = 0; i < 400 && loader.get() != null; i++) {
          System.gc();
          Thread.sleep(50);
        }
        Dialogue.say("collected " + (loader.get() == null));
      }
    }
  }

  private static ClassLoader deploy(String[] jars) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String jar : jars) {
      urls.add(new File(jar).toURI().toURL());
    }
    URLClassLoader loader =
        new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    Class<?> base = loader.loadClass("io.micrometer.core.instrument.MeterRegistry");
    deployed =
        loader
            .loadClass("io.micrometer.core.instrument.simple.SimpleMeterRegistry")
            .getConstructor()
            .newInstance();
    loader
        .loadClass("io.micrometer.core.instrument.Metrics")
        .getMethod("addRegistry", base)
        .invoke(null, deployed);
    return loader;
  }

  /** By reflection, for it is two Micrometers' registries. */
  private static void show(String name, Object registry) throws ReflectiveOperationException {
    TreeSet<String> descrys = new TreeSet<>();
    Class<?> base = registry.getClass().getSuperclass();
    for (Object meter : (List<?>) base.getMethod("getMeters").invoke(registry)) {
      Class<?> type = base.getClassLoader().loadClass("io.micrometer.core.instrument.Meter");
      Object id = type.getMethod("getId").invoke(meter);
      String text = (String) id.getClass().getMethod("getName").invoke(id);
      if (text.startsWith("descry.")) {
        descrys.add(text);
      }
    }
    Dialogue.say(name + " " + String.join(" ", descrys));
  }
}
