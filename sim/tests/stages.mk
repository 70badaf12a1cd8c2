# The stages of `make check`, of `make check-rest` and of `make quick`.  Stages that need nothing of each other run side by side, as many
# as make runs jobs.  Each leaves its counts in $(STAGED) (stage.sh), and sum_up.sh adds them.
STAGED = $(BUILD)/stages

# All that is built here, because a stage may call a make that would build it too.
BUILT = $(BUILD)/rehearse $(ADAPTERS) $(MISTAKEN_ADAPTER) $(RECORD_ENDS) $(COUNTED_BUILT) $(FUZZ_BUILT) $(BENCH_OBJ)

# stage NAME,TITLE,NEEDS,COMMAND: a command that runs when the stages that it needs have ended.
define stage
$(STAGED)/$(1): $(BUILT) $(3:%=$(STAGED)/%) FORCE
	@sim/tests/stage.sh $$@ "$(2)" $(4)
endef

# of_tool NAME,TITLE,SCRIPT: one that tests the tool.
of_tool = $(call stage,$(1),$(2),,sim/tests/$(3).sh $(BUILD)/rehearse)

# of_script NAME,TITLE: one that tests a script, whose cases are kept (Makefile).
of_script = $(call stage,$(1),$(2),,$$(MAKE) $(1))

REHEARSE  = $(BUILD)/rehearse
ALL_FAULTS = --faults all --jobs $(CORES)

$(eval $(call stage,unit,unit tests,,sim/tests/run-tests.sh $(TESTS)))
$(STAGED)/unit: $(TESTS)
$(eval $(call stage,scenarios,scenarios in the default schedule,,$(REHEARSE) run $(SCENARIOS)))
$(eval $(call stage,regressions,regressions,,$(REHEARSE) replay $(REGRESSIONS)))
$(eval $(call stage,plots-500,plots of 500 seeds,,$(REHEARSE) sweep --seeds 0..499 $(ALL_FAULTS)))
$(eval $(call stage,layers,layers,,$$(MAKE) layers))
$(eval $(call stage,layout,layout,,$$(MAKE) layout))
QUICK_STAGES = unit scenarios regressions plots-500 layers layout

# The unit tests run with the sanitizers, but for the longest (core/tests/shallow.h); programs that have those run here.  The
# costs of input are another stage.
LONG_TESTS = $(filter-out %/resources_test,$(patsubst %.c,$(BUILD)/%,$(shell grep -l 'LONG_TEST()' $(CORE_TEST) $(SIM_TEST))))
$(eval $(call stage,long,unit tests that take long,,sim/tests/run-tests.sh $(LONG_TESTS)))
$(STAGED)/long: $(LONG_TESTS)

# Those that take longest and keep one processor busy begin first.
$(eval $(call of_tool,interrupt,tool: interruptions,tool_interrupt))
$(eval $(call stage,day,a day of a thousand clients,,sim/tests/day.sh $(REHEARSE)))
$(eval $(call of_tool,large,tool: large inputs,large))
$(eval $(call of_script,layers-cases,layers: cases))
$(eval $(call of_script,cluster-cases,sweeps on a simulated cluster))
$(eval $(call of_tool,tool,tool,tool))
$(eval $(call of_tool,replay,tool: one run,tool_replay))
$(eval $(call of_tool,reports,tool: reports,tool_reports))
$(eval $(call stage,viewer,the viewer,,sim/tests/viewer.sh $(BUILD)))
$(eval $(call stage,playground,the playground,,sim/tests/playground.sh $(BUILD)))
$(eval $(call of_tool,select,tool: choosing what to run,tool_select))
$(eval $(call of_tool,pipe,tool: servers in other processes,tool_pipe))
$(eval $(call of_tool,live,tool: real servers,tool_live))
$(eval $(call of_tool,fmt,tool: the form of scenarios,tool_fmt))
$(eval $(call of_tool,conformance,tool: implementation report,tool_conformance))
$(eval $(call of_tool,compare,tool: comparing servers,tool_compare))
$(eval $(call of_tool,adopt,tool: keeping failures,tool_adopt))
$(eval $(call of_tool,record,tool: recording,tool_record))
$(eval $(call of_tool,ci,what CI servers run,ci_cases))
$(eval $(call stage,well-formed,scenarios are well formed,,$(REHEARSE) lint $(SCENARIOS)))
SEEDS_OF_SCENARIOS = 1 2 3 4 5
$(foreach seed,$(SEEDS_OF_SCENARIOS),$(eval $(call \
    stage,seed-$(seed),scenarios under seed $(seed),,$(REHEARSE) run --seed $(seed) $(SCENARIOS))))
$(eval $(call stage,orders,scenarios in every order,,$(REHEARSE) explore --only-tags explore $(SCENARIOS)))
$(eval $(call stage,resources,costs of input,,$$(MAKE) resources))
$(eval $(call stage,fuzz-replay,stored inputs of the fuzz targets,,$$(MAKE) fuzz-replay))
$(eval $(call stage,fuzz-cases,programs of fuzz targets,,sim/tests/fuzz_cases.sh $(BUILD)/fuzz/files))
$(eval $(call stage,symbols,external symbols of the core,,$$(MAKE) symbols))
$(eval $(call stage,headers,headers in C++,,$$(MAKE) headers))
$(eval $(call of_script,packages-cases,packages: cases))
$(eval $(call of_script,run-tests-cases,run-tests: cases))
$(eval $(call of_script,has-tests-cases,has_tests: cases))
$(eval $(call of_script,lint-cases,lint: cases))
$(eval $(call of_script,coverage-cases,coverage: cases))
$(eval $(call stage,lint,layout and static analysis,,$$(MAKE) SHALLOW=1 lint))
$(eval $(call stage,starve,scenarios with a failing allocation of five,,$$(MAKE) SHALLOW=1 starve))
$(eval $(call stage,plots-20000,plots of 20000 seeds,,$(REHEARSE) sweep --seeds 0..19999 $(ALL_FAULTS)))
TOOL_STAGES = tool pipe reports select compare replay adopt record fmt conformance
PLAIN_STAGES = interrupt large $(TOOL_STAGES) day long layers-cases cluster-cases viewer playground live ci well-formed \
    $(SEEDS_OF_SCENARIOS:%=seed-%) orders resources fuzz-replay fuzz-cases symbols headers packages-cases run-tests-cases has-tests-cases lint-cases \
    coverage-cases starve plots-20000

# The same with the sanitizers.  Determinism runs the scenarios, too, and the plots of the first seeds.
# sanitized NAME,TITLE,COMMAND
sanitized = $(call stage,sanitized-$(1),sanitizers: $(2),sanitized,$(3))
$(eval $(call stage,sanitized,sanitizers: build,,$$(MAKE) SHALLOW=1 sanitized))
$(eval $(call sanitized,unit,unit tests,sim/tests/run-tests.sh $(TESTS:$(BUILD)/%=$(BUILD)/sanitized-shallow/%)))
$(eval $(call sanitized,plots,plots of 1000 seeds,$(BUILD)/sanitized-shallow/rehearse sweep --seeds 1000..1999 $(ALL_FAULTS)))
$(eval $(call stage,determinism,determinism,sanitized,$$(MAKE) SHALLOW=1 determinism))
SANITIZED_STAGES = sanitized sanitized-unit sanitized-plots determinism

CHECK_STAGES = $(filter-out unit plots-500 layout,$(QUICK_STAGES)) lint $(SANITIZED_STAGES) $(PLAIN_STAGES)

# What `make check` has no time for: the tests, and those of the tool, with all of the sanitizers' checks, and the tests as they
# are built to be used; each allocation; three builds; static analysis with five times as many steps, and of the tests.
# whole NAME,TITLE,COMMAND
whole = $(call stage,whole-$(1),sanitizers: $(2),whole-sanitized,$(3))
$(eval $(call stage,whole-sanitized,sanitizers: whole build,,$$(MAKE) sanitized))
$(eval $(call whole,unit,all unit tests,sim/tests/run-tests.sh $(TESTS:$(BUILD)/%=$(BUILD)/sanitized/%)))
$(foreach tool,$(TOOL_STAGES),$(eval $(call \
    whole,$(tool),tool: $(tool),sim/tests/$(patsubst tool_tool,tool,tool_$(tool)).sh $(BUILD)/sanitized/rehearse)))
$(eval $(call stage,unoptimised,build without optimisation,,$$(MAKE) unoptimised))
$(eval $(call stage,whole-determinism,determinism of three builds,whole-sanitized unoptimised,$$(MAKE) determinism))
$(eval $(call stage,whole-lint,layout and deeper static analysis,,$$(MAKE) STEPS=10000 lint))
$(eval $(call stage,whole-starve,scenarios with each allocation failing,,$$(MAKE) starve))
$(eval $(call stage,guided,guided sweeps,,$$(MAKE) guided-test))
REST_STAGES = unit $(addprefix whole-,sanitized unit $(TOOL_STAGES) determinism lint starve) unoptimised guided

check-stages: $(CHECK_STAGES:%=$(STAGED)/%)
rest-stages: $(REST_STAGES:%=$(STAGED)/%)
quick-stages: $(QUICK_STAGES:%=$(STAGED)/%)
