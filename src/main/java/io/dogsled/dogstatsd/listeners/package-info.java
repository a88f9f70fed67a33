/**
 * Sockets: reads datagrams and hands each over, says when everything that was in a socket has been read, and stops.
 *
 * <pre>
 * InheritedListener  fd 0, UDP            ─┐ ReceiveLoop
 * UdpListener        a socket of its own  ─┤
 * RelayedListener    fd 5, Unix datagrams ─┘
 * StreamListener     Unix streams, Frames    ─► DatagramHandler: the parser, or Workers ─► parsers
 * </pre>
 *
 * <p>Uses {@code base} alone. One thread a listener, named {@code dogstatsd}, owns the receive buffer and runs the {@link
 * io.dogsled.dogstatsd.listeners.DatagramHandler}; {@code start}, {@code drain} and {@code close} are called by other threads.
 *
 * <p>{@code available()} is 0 also when an empty datagram is in front, and closing fd 0 does not wake a blocked reader. A marker
 * datagram, whose bytes nobody else knows, does both: what was sent before it has been handled when it is read, and it ends a
 * read (rulings.md 24).
 */
@NullMarked
package io.dogsled.dogstatsd.listeners;

import org.jspecify.annotations.NullMarked;
