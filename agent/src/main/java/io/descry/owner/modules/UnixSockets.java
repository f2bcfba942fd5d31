package io.descry.owner.modules;

import io.descry.owner.Claim;
import io.descry.owner.HandleType;
import io.descry.owner.OwnerModule;
import java.util.List;

/** junixsocket's and jnr's sockets, whose numbers come from native code of their own. */
public final class UnixSockets implements OwnerModule {
  private static final Claim FIELD = Claim.numberField("fd");
  private static final Claim GETTER = Claim.numberGetter("getFD");
  private static final String JNR_CLOSE = "implCloseSelectableChannel";

  /** Called by the service loader. */
  public UnixSockets() {}

  @Override
  public List<HandleType> handles() {
    return List.of(
        HandleType.of("org.newsclub.net.unix.AFCore")
            .opens("<init>", Claim.descriptorField("fd"))
            .closes("doClose", Claim.nothing()),
        jnr("jnr.enxio.channels.NativeSocketChannel", FIELD),
        jnr("jnr.enxio.channels.NativeServerSocketChannel", FIELD),
        jnr("jnr.enxio.channels.NativeDeviceChannel", FIELD),
        jnr("jnr.unixsocket.impl.AbstractNativeSocketChannel", GETTER),
        jnr("jnr.unixsocket.impl.AbstractNativeServerSocketChannel", GETTER));
  }

  private static HandleType jnr(String name, Claim number) {
    return HandleType.of(name).opens("<init>", number).closes(JNR_CLOSE, number);
  }

  @Override
  public String artifact(String className) {
    if (className.contains(".newsclub.")) {
      return "com.kohlschutter.junixsocket:junixsocket-common";
    }
    return className.contains(".unixsocket.")
        ? "com.github.jnr:jnr-unixsocket"
        : "com.github.jnr:jnr-enxio";
  }
}
