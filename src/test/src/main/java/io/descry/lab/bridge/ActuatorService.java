package io.descry.lab.bridge;

import io.descry.lab.Dialogue;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A service of Spring Boot's with actuator and Prometheus, and one leak. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
public class ActuatorService {
  /** Made by Spring. */
  public ActuatorService() {}

  /** The program; its arguments are Spring's properties. */
  public static void main(String[] args) {
    SpringApplication application = new SpringApplication(ActuatorService.class);
    application.setRegisterShutdownHook(false);
    var context = (WebServerApplicationContext) application.run(args);
    Dialogue.ask("port " + context.getWebServer().getPort());
  }

  /** Forgets a channel at each request. */
  @GetMapping("/quote")
  public String quote() throws IOException {
    SocketChannel.open();
    System.gc();
    return "42";
  }
}
