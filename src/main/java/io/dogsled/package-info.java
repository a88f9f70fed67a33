/**
 * Dogsled: a DogStatsD server inside an AWS Lambda layer. This package puts the extension's engine together and does nothing
 * else; the work is in the rooms below.
 *
 * <pre>
 *   function ── UDP 8125 ─────────────► socket, bound by the launcher ──── fd 0 ──► ┌──────────────────────┐
 *   (any language)                     ┌──────────────────────────────┐             │ engine (JVM, Java)   │
 *   Extensions API ◄── register,/next ─┤ launcher (C, static)         │── fd 3 ────►│ dogstatsd, aggregator│──► intake
 *   Telemetry API ──── POST ──────────►│ the only one that polls /next │◄── fd 4 ────│ flush, forwarder     │
 *                                      └──────────────────────────────┘   frames    └──────────────────────┘
 *
 *                     ExtensionMain
 *      ┌─────────┬──────────┴───┬──────────────────┐
 *      ▼         ▼              ▼                  ▼
 *    lambda   control       telemetry            flush
 *                               │     ┌────────────┼────────────┬───────────┐
 *                               │  forwarder ─► serializer  aggregator  dogstatsd
 *                               ▼   ▼ http          ▼           ▼ sketch    ▼
 *                            ─────────────────── metrics ───────────────────────
 *                            ──────────────── config ──────── base ─────────────
 * </pre>
 *
 * Threads, and what becomes of the engine when one ends by an error that its own top did not catch:
 *
 * <table>
 * <caption>threads</caption>
 * <tr><td>{@code main}<td>reads frames, decides, flushes, says done<td>the engine exits with 1, the launcher starts another
 * <tr><td>{@code dogstatsd}<td>receives, parses, aggregates<td>one last flush, then the same
 * <tr><td>{@code forwarder}<td>connects, sends, reads answers<td>one last flush, then the same
 * <tr><td>{@code control}<td>the local endpoint<td>the engine goes on without it
 * </table>
 *
 * Ranked principles; the higher one wins:
 *
 * <ol>
 *   <li>Never hurt the function.
 *   <li>Never lose or distort a number silently.
 *   <li>Start within budget.
 *   <li>The smallest thing that is clear.
 *   <li>Fast.
 * </ol>
 */
@NullMarked
package io.dogsled;

import org.jspecify.annotations.NullMarked;
