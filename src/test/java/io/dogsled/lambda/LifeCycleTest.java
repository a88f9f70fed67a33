package io.dogsled.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
    @Test
    void theseMovesAreLegalAndNoOthers() {
        Set<String> legal = new TreeSet<>();
        for (LifeCycle from : LifeCycle.values()) {
            for (LifeCycle to : LifeCycle.values()) {
                if (from.mayBecome(to)) {
                    legal.add(from + " " + to);
                }
            }
        }

        assertThat(legal)
                .containsExactlyInAnyOrder(
                        "STARTING IDLE",
                        "STARTING INVOKING",
                        "STARTING FLUSHING",
                        "STARTING SHUTTING_DOWN",
                        "IDLE INVOKING",
                        "IDLE FLUSHING",
                        "IDLE SHUTTING_DOWN",
                        "INVOKING IDLE",
                        "INVOKING FLUSHING",
                        "INVOKING SHUTTING_DOWN",
                        "FLUSHING IDLE",
                        "FLUSHING INVOKING",
                        "FLUSHING SHUTTING_DOWN");
    }

    @Test
    void anIllegalMoveThrowsAndNamesBothStates() {
        assertThatThrownBy(() -> LifeCycle.SHUTTING_DOWN.to(LifeCycle.IDLE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SHUTTING_DOWN must not become IDLE");
    }
}
