package io.dogsled.config;

/**
 * How many threads parse beside those that receive, and how many aggregators there are (flush-and-testserver.md §1.5; Agent:
 * pkg/aggregator/demultiplexer.go). Unless a setting asks for more it is 0 and 1, however many processors there are: the thread
 * that receives also parses and aggregates (docs/decisions/008-cardinality.md). What a setting asks for is the Agent's number.
 *
 * @param workers threads that parse; 0 = who receives does it
 * @param pipelines aggregators, at least 1
 */
record Parallelism(int workers, int pipelines) {
    /** Who chooses the numbers. */
    enum Mode {
        /** The settings. */
        FIXED,
        /** The processors: as many as can work at once. */
        MAX_THROUGHPUT,
        /** The processors: many aggregators, few values in each. */
        PER_ORIGIN
    }

    private static final int MOST = 64;

    /** {@code vcpus}: processors of the sandbox. */
    static Parallelism read(Settings settings, int vcpus) {
        int workers = settings.integer("DD_DOGSTATSD_WORKERS_COUNT", 0, 0, MOST);
        int pipelines = settings.integer("DD_DOGSTATSD_PIPELINE_COUNT", 1, 0, MOST);
        boolean adjusts = settings.flag("DD_DOGSTATSD_PIPELINE_AUTOADJUST", false);
        int strategy = settings.choice("DD_DOGSTATSD_PIPELINE_AUTOADJUST_STRATEGY", 0, "max_throughput", "per_origin");
        Mode mode = !adjusts ? Mode.FIXED : strategy == 0 ? Mode.MAX_THROUGHPUT : Mode.PER_ORIGIN;
        return of(mode, workers, pipelines, vcpus);
    }

    /**
     * What the settings come to on so many processors.
     *
     * @param workersAsked 0 = not asked for
     * @param pipelinesAsked 0 = not asked for
     */
    static Parallelism of(Mode mode, int workersAsked, int pipelinesAsked, int vcpus) {
        if (mode == Mode.FIXED) {
            int pipelines = Math.max(1, pipelinesAsked);
            int workers = pipelines == 1 ? 0 : Math.max(2, vcpus - 1 - pipelines);
            return new Parallelism(askedOr(workersAsked, workers), pipelines);
        }
        int workers = Math.max(2, vcpus / 2);
        int pipelines = mode == Mode.MAX_THROUGHPUT ? workers - 1 : askedOr(pipelinesAsked, vcpus * 2);
        return new Parallelism(askedOr(workersAsked, workers), Math.min(MOST, pipelines));
    }

    /** The aggregators, or 1 with a line where two names that are sent can become one: they would be in two of them. */
    int pipelinesFor(Config.Dogstatsd server, Settings settings) {
        if (pipelines == 1 || (server.mapper().profiles().isEmpty() && !namespaceMeets(server))) {
            return pipelines;
        }
        settings.problem(
                "DD_DOGSTATSD_PIPELINE_COUNT",
                String.valueOf(pipelines),
                "1 beside DD_DOGSTATSD_MAPPER_PROFILES, or beside a namespace that names without one begin with",
                "1");
        return 1;
    }

    /** Whether a name that gets no namespace can begin like one that does. */
    private static boolean namespaceMeets(Config.Dogstatsd server) {
        for (String exclusion : server.namespaceExclusions()) {
            boolean alike = exclusion.startsWith(server.namespace())
                    || server.namespace().startsWith(exclusion);
            if (alike && !server.namespace().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static int askedOr(int asked, int computed) {
        return asked > 0 ? asked : Math.min(MOST, computed);
    }
}
