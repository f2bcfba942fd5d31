package io.descry;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

/** The house's layers: who may know whom. */
class LayersTest {
  private static final String VISIBLE = "io\\.descry\\.agent\\.(?:Premain|Main)";

  private static final JavaClasses DESCRY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.descry");

  @Test
  void theLedgerKnowsNothingButJavaBase() {
    check(
        classes()
            .that()
            .resideInAPackage("io.descry.ledger..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.descry.ledger..",
                "java.io..",
                "java.lang..",
                "java.util",
                "java.util.concurrent..",
                "java.util.function",
                "jdk.internal.access..",
                "jdk.internal.misc.."));
  }

  @Test
  void theOperatingSystemKnowsNothingOfTheRest() {
    check(
        classes()
            .that()
            .resideInAPackage("io.descry.os..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.descry.os..", "java..", "com.sun.jna..", "org.tukaani.xz.."));
  }

  @Test
  void dataRunsOneWay() {
    check(
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("agent")
            .definedBy("io.descry.agent..")
            .layer("cli")
            .definedBy("io.descry.cli..")
            .layer("instrument")
            .definedBy("io.descry.instrument..")
            .layer("outputs")
            .definedBy(
                "io.descry.alert..",
                "io.descry.live..",
                "io.descry.metrics..",
                "io.descry.report..")
            .layer("detect")
            .definedBy("io.descry.detect..")
            .layer("reconcile")
            .definedBy("io.descry.reconcile..")
            .layer("owner")
            .definedBy("io.descry.owner..")
            .layer("ledger")
            .definedBy("io.descry.ledger..")
            .layer("os")
            .definedBy("io.descry.os..")
            .whereLayer("agent")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("instrument")
            .mayOnlyBeAccessedByLayers("agent", "cli")
            .whereLayer("outputs")
            .mayOnlyBeAccessedByLayers("agent", "cli")
            .whereLayer("detect")
            .mayOnlyBeAccessedByLayers("outputs", "agent")
            .whereLayer("reconcile")
            .mayOnlyBeAccessedByLayers("detect", "outputs", "agent")
            .whereLayer("ledger")
            .mayOnlyBeAccessedByLayers("instrument", "owner", "reconcile", "agent")
            .whereLayer("owner")
            .mayOnlyBeAccessedByLayers("instrument", "reconcile", "agent"));
  }

  @Test
  void onlyTheBridgeTalksToJna() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.descry.os..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna.."));
  }

  @Test
  void theClassesThatTheApplicationSeesKnowNothingOfDescry() {
    check(
        classes()
            .that()
            .haveNameMatching(VISIBLE)
            .should()
            .onlyDependOnClassesThat(
                resideInAPackage("java..").or(HasName.Predicates.nameMatching(VISIBLE))));
  }

  private static void check(ArchRule rule) {
    rule.check(DESCRY);
  }
}
