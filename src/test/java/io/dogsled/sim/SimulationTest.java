package io.dogsled.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A small simulation: bounds that hold for any seed. That the ledger balances in each sandbox is what {@link EngineModel} itself insists on.
 */
@Timeout(60)
class SimulationTest {
    private static final int SANDBOXES = 100;
    private static final int FEW = 20;

    /** Ten seconds hold enough requests for chance not to matter. */
    private static final long WINDOW_MS = 10_000;

    private static Meter play(Traffic traffic, Intake.Fault fault, Kind kind) {
        return World.play(plan(traffic, fault, SANDBOXES), kind.maker());
    }

    private static Plan plan(Traffic traffic, Intake.Fault fault, int sandboxes) {
        return new Plan(traffic, fault, sandboxes, 360_000, 660_000, 900_000, 7);
    }

    private static double storm(Meter meter) {
        Plan plan = plan(Traffic.STEADY, Intake.Fault.ERRORS, SANDBOXES);
        double normal = meter.rate(plan.normalFromMs(), plan.fromMs());
        double most = 0;
        for (long at = plan.toMs(); at < plan.endMs(); at += WINDOW_MS) {
            most = Math.max(most, meter.rate(at, at + WINDOW_MS));
        }
        return most / normal;
    }

    @Test
    void noStormFollowsAnOutage() {
        assertThat(storm(play(Traffic.STEADY, Intake.Fault.ERRORS, Kind.END))).isLessThan(1.6);
        assertThat(storm(play(Traffic.STEADY, Intake.Fault.ERRORS, Kind.ADAPTIVE)))
                .isLessThan(1.6);
        assertThat(storm(play(Traffic.STEADY, Intake.Fault.SILENCE, Kind.ADAPTIVE)))
                .isLessThan(1.6);
    }

    @Test
    void inAnOutageFewerRequestsLeaveThanInNormalLife() {
        for (Kind kind : new Kind[] {Kind.END, Kind.ADAPTIVE}) {
            Plan plan = plan(Traffic.STEADY, Intake.Fault.ERRORS, SANDBOXES);
            Meter meter = play(Traffic.STEADY, Intake.Fault.ERRORS, kind);
            assertThat(meter.rate(plan.fromMs() + WINDOW_MS, plan.toMs()))
                    .as(kind.name())
                    .isLessThan(meter.rate(plan.normalFromMs(), plan.fromMs()) / 2);
        }
    }

    @Test
    void everySampleIsDeliveredOrLeftAsADeadLetter() {
        for (Intake.Fault fault : Intake.Fault.values()) {
            for (Kind kind : Kind.all()) {
                Meter meter = World.play(plan(Traffic.BURSTY, fault, FEW), kind.maker());
                assertThat(meter.delivered() + meter.deadLettered() + meter.lost())
                        .as(kind.name() + ", " + fault)
                        .isEqualTo(meter.emitted());
                if (!kind.model()) {
                    assertThat(meter.lost()).as(kind.name() + ", " + fault).isZero();
                }
            }
        }
    }

    @Test
    void adaptiveBillsLessThanEndAtABoundedAge() {
        for (Traffic traffic : new Traffic[] {Traffic.STEADY, Traffic.BURSTY}) {
            Meter end = play(traffic, Intake.Fault.NONE, Kind.END);
            Meter adaptive = play(traffic, Intake.Fault.NONE, Kind.ADAPTIVE);
            assertThat(adaptive.heldMs(Meter.Phase.NORMAL))
                    .as(traffic + ": ms after the function")
                    .isLessThan(end.heldMs(Meter.Phase.NORMAL) * 0.75);
            assertThat(adaptive.ages().meanMs())
                    .as(traffic + ": mean age of data")
                    .isLessThan(Kind.MAX_AGE_MS);
        }
    }

    @Test
    void anIntakeThatIsAwayIsWaitedForLessThanOneThatIsWell() {
        Meter meter = play(Traffic.STEADY, Intake.Fault.SILENCE, Kind.END);
        assertThat(meter.heldMs(Meter.Phase.OUTAGE)).isLessThan(meter.heldMs(Meter.Phase.NORMAL));
    }

    @Test
    void theSameSeedGivesTheSameNumbers() {
        Meter once = play(Traffic.POISSON, Intake.Fault.SLOW, Kind.ADAPTIVE);
        Meter twice = play(Traffic.POISSON, Intake.Fault.SLOW, Kind.ADAPTIVE);
        assertThat(twice.requests()).isEqualTo(once.requests());
        assertThat(twice.heldMs()).isEqualTo(once.heldMs());
    }
}
