package io.descry.apps.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The program; its arguments are Spring's properties. */
@SpringBootApplication
public class Shop {
  /** Made by Spring. */
  public Shop() {}

  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args);
  }
}
