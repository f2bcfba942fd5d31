package io.descry.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Descry on a service that leaks. */
@Command(
    name = "demo",
    description = {
      "Shows Descry on a service that leaks descriptors in three ways; takes less than a minute"
          + " once built. Needs a checkout of Descry's sources."
    },
    exitCodeList = {
      "0:Descry found every leak and nothing else",
      "1:it did not",
      "2:this jar is not in a checkout"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  ./descry demo"})
final class DemoCommand extends HelpOption implements Callable<Integer> {
  /** Made by picocli. */
  DemoCommand() {}

  @Override
  public Integer call() throws UnusableException {
    Checkout checkout = Checkout.ofThisJar("demo");
    return checkout.run(List.of(), "io.descry.lab.demo.Demo", List.of(checkout.jar().toString()));
  }
}
