/**
 * One blocking HTTP/1.1 exchange with the intake, plain or TLS, that knows how far it got: whether the request was fully
 * written, whether any answer byte came, and whether the connection had been used before. General clients hide these
 * three, and they decide whether a payload may be sent again (flush-and-testserver.md §5.5, 6).
 *
 * <p>TLS is OpenSSL's where the layer has the library ({@code layer/tls}), else the JDK's; {@link io.dogsled.http.Tls}
 * chooses, and an exchange sees a {@code Wire} either way (docs/decisions/015-tls.md).
 *
 * <p>{@link io.dogsled.http.Network} knows the ways out: proxies, whom to trust, names; how old a connection may be, and what it is to
 * open one ahead, is docs/decisions/025-connections.md.
 *
 * <p>Uses {@code base} and its section of {@code config}. Everything here is called by the forwarder's thread, but {@link
 * io.dogsled.http.HttpConnection#close}, which any thread may call to end an exchange. Loaded after {@code ready}.
 */
@NullMarked
package io.dogsled.http;

import org.jspecify.annotations.NullMarked;
