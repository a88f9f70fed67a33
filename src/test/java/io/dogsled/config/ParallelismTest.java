package io.dogsled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of flush-and-testserver.md §1.5 (Agent: demultiplexer.go), and where it does not apply. */
class ParallelismTest {
    private final List<ConfigProblem> problems = new ArrayList<>();

    @ParameterizedTest(name = "{0}, workers {1}, pipelines {2} on {3} vCPU: {4}")
    @CsvSource({
        // nothing asked for: the receiver does it all, whatever the machine
        "FIXED, 0, 1, 1, 0 + 1",
        "FIXED, 0, 1, 2, 0 + 1",
        "FIXED, 0, 1, 6, 0 + 1",
        "FIXED, 0, 0, 2, 0 + 1",
        // asked for in numbers
        "FIXED, 3, 1, 2, 3 + 1",
        "FIXED, 1, 1, 2, 1 + 1",
        "FIXED, 0, 2, 2, 2 + 2",
        "FIXED, 0, 2, 6, 3 + 2",
        "FIXED, 5, 4, 2, 5 + 4",
        // by the processors
        "MAX_THROUGHPUT, 0, 1, 1, 2 + 1",
        "MAX_THROUGHPUT, 0, 1, 2, 2 + 1",
        "MAX_THROUGHPUT, 0, 9, 4, 2 + 1",
        "MAX_THROUGHPUT, 0, 1, 6, 3 + 2",
        "MAX_THROUGHPUT, 4, 1, 16, 4 + 7",
        "PER_ORIGIN, 0, 0, 2, 2 + 4",
        "PER_ORIGIN, 0, 1, 6, 3 + 1",
        "PER_ORIGIN, 7, 3, 6, 7 + 3",
        // bounded on any machine
        "MAX_THROUGHPUT, 0, 1, 512, 64 + 64",
        "PER_ORIGIN, 0, 0, 512, 64 + 64",
    })
    void workersAndPipelinesAreThoseOfTheTable(
            Parallelism.Mode mode, int workersAsked, int pipelinesAsked, int vcpus, String expected) {
        Parallelism parallelism = Parallelism.of(mode, workersAsked, pipelinesAsked, vcpus);
        assertThat(parallelism.workers() + " + " + parallelism.pipelines()).isEqualTo(expected);
    }

    @Test
    void theSettingsAreRead() {
        assertThat(read(4)).isEqualTo(new Parallelism(0, 1));
        assertThat(read(4, "DD_DOGSTATSD_WORKERS_COUNT", "3")).isEqualTo(new Parallelism(3, 1));
        assertThat(read(6, "DD_DOGSTATSD_PIPELINE_COUNT", "2")).isEqualTo(new Parallelism(3, 2));
        assertThat(read(6, "DD_DOGSTATSD_PIPELINE_AUTOADJUST", "true")).isEqualTo(new Parallelism(3, 2));
        assertThat(read(
                        6,
                        "DD_DOGSTATSD_PIPELINE_AUTOADJUST",
                        "true",
                        "DD_DOGSTATSD_PIPELINE_AUTOADJUST_STRATEGY",
                        "per_origin",
                        "DD_DOGSTATSD_PIPELINE_COUNT",
                        "0"))
                .isEqualTo(new Parallelism(3, 12));
        assertThat(problems).isEmpty();
    }

    @Test
    void anUnknownStrategyIsTheFirstOneWithALine() {
        assertThat(read(
                        6,
                        "DD_DOGSTATSD_PIPELINE_AUTOADJUST",
                        "true",
                        "DD_DOGSTATSD_PIPELINE_AUTOADJUST_STRATEGY",
                        "guess"))
                .isEqualTo(new Parallelism(3, 2));
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().line())
                .startsWith("DD_DOGSTATSD_PIPELINE_AUTOADJUST_STRATEGY=\"guess\" is not usable")
                .contains("max_throughput, per_origin");
    }

    @Test
    void tooManyAreRefusedWithALine() {
        assertThat(read(2, "DD_DOGSTATSD_WORKERS_COUNT", "65", "DD_DOGSTATSD_PIPELINE_COUNT", "-1"))
                .isEqualTo(new Parallelism(0, 1));
        assertThat(problems).hasSize(2);
    }

    @Test
    void whereTwoNamesCanBecomeOneThereIsOneAggregator() {
        assertThat(pipelines("DD_STATSD_METRIC_NAMESPACE", "shop")).isEqualTo(2);
        assertThat(problems).isEmpty();
        assertThat(pipelines("DD_STATSD_METRIC_NAMESPACE", "jvm")).isEqualTo(1);
        assertThat(pipelines("DD_STATSD_METRIC_NAMESPACE", "datadog.agent.x")).isEqualTo(1);
        assertThat(pipelines("DD_DOGSTATSD_MAPPER_PROFILES", "[]")).isEqualTo(1);
        assertThat(problems).hasSize(3);
        assertThat(problems.getLast().line())
                .isEqualTo("DD_DOGSTATSD_PIPELINE_COUNT=\"2\" is not usable: expected 1 beside"
                        + " DD_DOGSTATSD_MAPPER_PROFILES, or beside a namespace that names without one begin with;"
                        + " using 1");
    }

    private int pipelines(String variable, String value) {
        Map<String, String> environment =
                new HashMap<>(Map.of("DD_API_KEY", "key", "DD_DOGSTATSD_PIPELINE_COUNT", "2", variable, value));
        return ConfigReader.read(environment, problems).aggregation().pipelines();
    }

    private Parallelism read(int vcpus, String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return Parallelism.read(new Settings(environment, problems), vcpus);
    }
}
