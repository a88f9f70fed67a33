package io.dogsled.sim;

import io.dogsled.config.Config;
import io.dogsled.config.Config.Strategy;
import java.util.ArrayList;
import java.util.List;

/** A kind of extension and its strategy, as the table names it; {@code model}: not our own classes. */
record Kind(String name, boolean model, Extension.Maker maker) {
    static final long BUDGET_MS = 250;
    static final long MAX_AGE_MS = 10_000;

    static final Kind END = engine("end", Strategy.END, 0);
    static final Kind ADAPTIVE = engine("adaptive", Strategy.ADAPTIVE, 0);

    /** All of the engine's strategies, then the models of the peers. */
    static List<Kind> all() {
        List<Kind> all = new ArrayList<>();
        all.add(END);
        all.add(engine("end,10000", Strategy.END, 10_000));
        all.add(engine("periodically,10000", Strategy.PERIODICALLY, 10_000));
        all.add(engine("continuously,10000", Strategy.CONTINUOUSLY, 10_000));
        all.add(ADAPTIVE);
        all.add(new Kind("model: Go Agent, end", true, (i, m, r) -> new GoAgentModel(false, i, m, r)));
        all.add(new Kind("model: Go Agent, adaptive", true, (i, m, r) -> new GoAgentModel(true, i, m, r)));
        all.add(new Kind("model: successor, default", true, RustModel::new));
        all.add(new Kind("model: gostatsd", true, GostatsdModel::new));
        return all;
    }

    private static Kind engine(String name, Strategy strategy, long intervalMs) {
        Config.Flush config = new Config.Flush(strategy, intervalMs, BUDGET_MS, MAX_AGE_MS);
        return new Kind(name, false, (i, m, r) -> new EngineModel(config, i, m, r));
    }
}
