# Dogsled: every way to build, run and test it. "make help" lists the targets.
#
# JDK 25, gcc, make and Maven are all it needs; the JDK is found even when the default java is older. Nothing is built
# twice: the jars follow src/ and pom.xml by their times, the layer follows the jars.

ifneq ($(firstword $(sort 4 $(firstword $(subst ., ,$(MAKE_VERSION))))),4)
$(error Dogsled needs GNU make 4 or newer: install the package "make" of your system)
endif

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Looked up when first used, so that "make help" and "make clean" work without.
JDK = $(eval JDK := $$(shell sh layer/find-jdk.sh))$(if $(JDK),$(JDK),$(error no JDK 25))
# The tools read protobuf, and protobuf asks for what JDK 25 warns about.
JAVA = $(JDK)/bin/java --sun-misc-unsafe-memory-access=allow

# Colours and progress would fill a log; the two options silence JDK 25 about libraries inside Maven itself.
MVN = JAVA_HOME='$(JDK)' MAVEN_OPTS="$${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" \
	mvn --batch-mode --no-transfer-progress -Dstyle.color=never
MAVEN_LOG := target/maven.log

TOOLS := target/dogsled-tools.jar
SAMPLE := target/dogsled-sample.jar
JARS := target/dogsled.jar $(TOOLS) $(SAMPLE)
SOURCES = pom.xml $(wildcard .mvn/*) $(shell find src/main -type f)

.PHONY: help run sam test layer testserver bench bench-start bench-load bench-first-next bench-flush simulate nightly mutation format clean build-DogsledLayer build-OrderFunction gcc-is-there always

##@ Targets
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2} /^#\?/ {print "                        " substr($$0, 4)}' $(firstword $(MAKEFILE_LIST))

run: layer ## build what is missing, then play a function's life: cold start, invocations, shutdown
#? INVOKES=50 LATENCY=300ms FAULT=503 EVENT=path.json
	@exec $(JAVA) -jar $(TOOLS) emulate --layer target/layer --function $(SAMPLE) \
		$(if $(INVOKES),--invokes '$(INVOKES)') $(if $(LATENCY),--latency '$(LATENCY)') \
		$(if $(FAULT),--fault '$(FAULT)') $(if $(EVENT),--event '$(EVENT)')

sam: layer ## the same in AWS's own Lambda emulator, the one inside sam local, without Docker
#? INVOKES=50 EVENT=path.json
	@.ci/rie can
	@exec .ci/rie play $(if $(INVOKES),--invokes '$(INVOKES)') $(if $(EVENT),--event '$(EVENT)')

test: ## formatting, lint, unit, conformance, contract and process tests
	@sh layer/require.sh mvn gcc
	@rm -rf target/surefire-reports target/failsafe-reports
	@status=0; $(MVN) verify 2>&1 | sed -u 's/\x1b\[0m//g' || status=$$?; sh .ci/totals; exit $$status

layer: gcc-is-there $(SAMPLE) ## target/layer, exactly what /opt will hold, and target/dogsled-layer-<arch>.zip
	@$(MAKE) -C layer JAVA_HOME='$(JDK)'

testserver: $(SAMPLE) ## the latency test server alone, until Ctrl-C
#? LATENCY=200ms FAULT=503x5 SCENARIO=outage.txt TIMELINE=seen.svg PORT=8126 BIND=0.0.0.0
	@exec $(JAVA) -jar $(TOOLS) testserver $(if $(LATENCY),--latency '$(LATENCY)') $(if $(FAULT),--fault '$(FAULT)') \
		$(if $(SCENARIO),--scenario '$(SCENARIO)') $(if $(TIMELINE),--timeline '$(TIMELINE)') \
		$(if $(PORT),--port '$(PORT)') $(if $(BIND),--bind '$(BIND)')

bench: bench-start ## measure: start-up, memory and time after the function, then the hot paths with JMH
#? BENCH=regex ROUNDS=20
	@sh layer/require.sh mvn
	@echo "Measuring the hot paths; ten seconds a line of the table."
	@$(MVN) -q -Pjmh -DskipTests -Dspotless.check.skip=true -Djacoco.skip=true $(if $(BENCH),-Dbench='$(BENCH)') test 2>&1 | sed 's/\x1b\[0m//g'
	@cat target/benchmarks.txt

bench-start: layer ## measure: start-up, memory and time after the function alone; plots in docs/plots
	@$(MAKE) -C layer empty load JAVA_HOME='$(JDK)'
	@$(JAVA) -cp $(TOOLS) layer/bench/StartUp.java target $(or $(ROUNDS),20)
	@$(JAVA) -cp $(TOOLS) layer/bench/Tls.java target $(or $(ROUNDS),20)
	@$(JAVA) -cp $(TOOLS) layer/bench/Quota.java target $(or $(ROUNDS),20) docs/plots

bench-load: layer ## measure: what is received, kept and spent under load, beside a bare receiver (15 minutes)
#? ROUNDS=5 WHAT=cpu,ticks,rate,single,burst,contexts
	@$(MAKE) -C layer load $(if $(or $(if $(WHAT),,all),$(findstring cpu,$(WHAT))),c2) JAVA_HOME='$(JDK)'
	@$(JAVA) -cp $(TOOLS) layer/bench/Load.java target $(or $(ROUNDS),5) $(WHAT) | tee target/load.txt

bench-first-next: layer ## measure: the first /next at once, or after a wait for the engine (10 minutes, as root)
#? ROUNDS=5 CORES=0.07,0.25,1 LANGUAGES=java,python,node
	@$(MAKE) -C layer first-next JAVA_HOME='$(JDK)'
	@$(JAVA) -cp $(TOOLS) layer/bench/FirstNext.java target $(or $(ROUNDS),5) '$(CORES)' '$(LANGUAGES)'

bench-flush: layer ## measure: what an invocation costs at slow, failing and absent intakes, and how old data gets (7 minutes)
#? ROUNDS=200 WHAT=0ms,tls,20ms,200ms,1s,10s,blackhole,reset,500,outage STRATEGIES='end adaptive' OUTAGE=blackhole
	@$(JAVA) -cp $(TOOLS) layer/bench/Flush.java target $(or $(ROUNDS),200) docs/plots '$(WHAT)' \
		'$(or $(STRATEGIES),end adaptive)' '$(or $(OUTAGE),blackhole)'

simulate: ## ten thousand sandboxes in virtual time, through an outage, by strategy; tables and plot in docs (3 minutes)
#? SANDBOXES=1000 SEED=2
	@sh layer/require.sh mvn
	@$(MVN) -q -Psimulate -Dspotless.check.skip=true $(if $(SANDBOXES),-Dsandboxes='$(SANDBOXES)') $(if $(SEED),-Dseed='$(SEED)') process-test-classes 2>&1 | sed -u 's/\x1b\[0m//g'

nightly: ## the random tests for long: a million steps of whole lives, 10^8 bytes of damaged datagrams; 10^5 invocations; the whole kill and fault matrices
#? SEED=42 replays a run that failed
	@sh layer/require.sh mvn gcc
	@$(MVN) -Pnightly $(if $(SEED),-Ddogsled.seed='$(SEED)') verify 2>&1 | sed -u 's/\x1b\[0m//g'
	@$(MAKE) -C layer/launcher fuzz ROUNDS=3000000

mutation: ## mutation tests of the rooms that handle numbers (PIT; takes long)
	@sh layer/require.sh mvn
	@$(MVN) -Pmutation -Dskip.launcher.tests=true test-compile org.pitest:pitest-maven:mutationCoverage 2>&1 | sed -u 's/\x1b\[0m//g'

format: ## format the sources
	@sh layer/require.sh mvn
	@$(MVN) -q spotless:apply 2>&1 | sed 's/\x1b\[0m//g'

# sam build calls these two for the resources of template.yaml, in a copy of this folder, with the folder to fill.
build-DogsledLayer: layer
	@cp -a target/layer/. '$(ARTIFACTS_DIR)/'

build-OrderFunction: $(SAMPLE)
	@mkdir -p '$(ARTIFACTS_DIR)/lib'
	@cp -a $(SAMPLE) '$(ARTIFACTS_DIR)/lib/'

clean: ## remove what was built
	@rm -rf target .aws-sam

# The last of the three jars to be written stands for all of them.
$(SAMPLE): $(SOURCES) $(if $(filter-out $(wildcard $(JARS)),$(JARS)),always)
	@sh layer/require.sh mvn
	@mkdir -p target
	@echo "Building the jars with Maven$$([ -d target/classes ] || echo '; the first time it fetches what it needs, which takes a minute or two')."
	@$(MVN) -q -Dmaven.test.skip=true -Dskip.launcher.tests=true -Dspotless.check.skip=true -Djacoco.skip=true package >$(MAVEN_LOG) 2>&1 \
		|| { sed 's/\x1b\[0m//g' $(MAVEN_LOG) >&2; echo "The build failed; the lines above are Maven's, also in $(MAVEN_LOG)." >&2; exit 1; }
	@touch $(SAMPLE)

# Before the jars, so that a missing compiler is told at once.
gcc-is-there:
	@sh layer/require.sh gcc

always:
