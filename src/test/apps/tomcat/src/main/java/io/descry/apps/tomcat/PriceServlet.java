package io.descry.apps.tomcat;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Reads a price, and closes the file or forgets to: {@code /price} and {@code /price/sale}. */
@WebServlet({"/price", "/price/sale"})
public final class PriceServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String prices = getServletContext().getRealPath("/WEB-INF/prices.properties");
    Properties read =
        request.getServletPath().endsWith("/sale") ? readAndForget(prices) : read(prices);
    response.setContentType("text/plain");
    response.getWriter().println(read.getProperty("apple"));
  }

  private static Properties read(String file) throws IOException {
    Properties prices = new Properties();
    try (InputStream in = new FileInputStream(file)) {
      prices.load(in);
    }
    return prices;
  }

  /** Leak: the file is not closed. */
  private static Properties readAndForget(String file) throws IOException {
    Properties prices = new Properties();
    prices.load(new FileInputStream(file));
    return prices;
  }
}
