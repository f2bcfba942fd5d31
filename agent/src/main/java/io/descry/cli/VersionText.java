package io.descry.cli;

import io.descry.agent.CommandLineFacts;
import picocli.CommandLine.IVersionProvider;

/** Which Descry this is. */
final class VersionText implements IVersionProvider {
  /** Made by picocli. */
  VersionText() {}

  @Override
  public String[] getVersion() {
    return new String[] {"descry " + CommandLineFacts.version()};
  }
}
