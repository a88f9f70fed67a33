/**
 * Ten thousand sandboxes in virtual time: what each flush strategy does to the intake, to the bill and to the age of data,
 * through an outage ({@code make simulate}; docs/simulation.md).
 *
 * <p>The engine's own classes decide, hold and carve ({@link io.dogsled.sim.EngineModel}); only the network, the platform and
 * the peers are models. A sandbox knows nothing of the others, so they are played one after the other, each with a seed of its own.
 */
@NullMarked
package io.dogsled.sim;

import org.jspecify.annotations.NullMarked;
