/**
 * The local endpoint on 127.0.0.1 for whoever is in the sandbox: {@code POST /lambda/flush}, {@code GET /ledger}, and more.
 *
 * <p>Uses {@code base} and its section of {@code config}. One thread, {@code control}, started after the engine said ready,
 * owns the socket and serves one request after the other. It knows neither the flush nor the ledger: it asks
 * {@link io.dogsled.control.ControlServer.Requests}.
 */
@NullMarked
package io.dogsled.control;

import org.jspecify.annotations.NullMarked;
