/**
 * The local Lambda: one execution environment on one machine, as strict as the real one. It offers the Runtime, Extensions and
 * Telemetry APIs on an ephemeral loopback port, starts a packaged layer and a real runtime as process groups, delivers
 * invocations, freezes and thaws, and climbs the shutdown ladder.
 *
 * <p>{@link io.dogsled.emulator.Emulator} describes a function, {@link io.dogsled.emulator.Sandbox} is one running environment of
 * it, {@link io.dogsled.emulator.Invocation} one event on its way. Every call that the real platform would refuse is answered
 * with the same error and kept as a {@link io.dogsled.emulator.Violation}; everything that happens is a
 * {@link io.dogsled.emulator.Mark} with a time, so that tests and the command line can ask afterwards.
 *
 * <p>{@link io.dogsled.emulator.Mode} is the world: on demand, provisioned concurrency, SnapStart (init, a snapshot, {@link
 * io.dogsled.emulator.Sandbox#restore}), Managed Instances, AWS's own emulator. The wall clock of a sandbox can be stepped for what the
 * platform says, and for processes that were built to follow.
 *
 * <p>The room shares no code with what it judges, so it uses no other room (its HTTP is its own: it has to be able to misbehave).
 * JSON is jackson-databind.
 *
 * <p>Threads: one virtual thread per API connection, one that accepts, one per telemetry subscription; two daemon threads per
 * process read its output; the caller's thread (or one virtual thread per asynchronous invocation) runs init, invoke and
 * shutdown. All state of an environment ({@code Generation}, {@code Agent}, {@code RuntimeSlot}) is guarded by one
 * {@code Monitor}; nobody does I/O under it.
 */
@NullMarked
package io.dogsled.emulator;

import org.jspecify.annotations.NullMarked;
