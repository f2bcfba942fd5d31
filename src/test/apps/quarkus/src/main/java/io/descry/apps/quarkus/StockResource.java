package io.descry.apps.quarkus;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks whether the warehouse can be reached, twice: so that nothing stays open, and not. */
@Path("/stock")
public class StockResource {
  private static final Logger LOG = Logger.getLogger(StockResource.class);

  private final int port;

  public StockResource(@ConfigProperty(name = "shop.warehouse.port") int port) {
    this.port = port;
  }

  /** Closes the connection. */
  @GET
  @Path("/reachable")
  public boolean reachable() throws IOException {
    try (SocketChannel channel = connect()) {
      LOG.info("asked");
      return channel.isConnected();
    }
  }

  /** Leak: nobody closes the connection. */
  @GET
  @Path("/ping")
  public boolean ping() throws IOException {
    LOG.info("pinged");
    return SocketChannel.open(warehouse()).isConnected();
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(warehouse());
  }

  private InetSocketAddress warehouse() {
    return new InetSocketAddress("127.0.0.1", port);
  }
}
