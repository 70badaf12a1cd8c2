# Rehearsal.  `make help` lists the targets.

RELEASE   = 0.1.0
BUILD    ?= build
ifeq ($(origin CC),default)
CC        = gcc
endif
OPT      ?= -O3 -g
SANITIZE ?=
WARN      = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
# Other compilers may give other warnings: only `make check` treats warnings as errors, and after it any make in the same
# build folder; otherwise each would compile again what the other has compiled.
WERROR   ?= $(filter -Werror,$(file <$(BUILD)/flags))
CFLAGS    = -std=c11 $(OPT) $(WARN) $(WERROR) $(SANITIZE)
# 32-bit machines need this to read folders whose inode numbers have 64 bits.
CPPFLAGS  = -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -Icore/include
CORE_LIBS = -lexpat -lnettle -lidn
LIBS      = $(CORE_LIBS) -lxxhash

# For another machine: the folder with its headers and libraries, which are linked statically, so that nothing
# of it is asked for when the program runs.
SYSROOT  ?=
ifneq ($(SYSROOT),)
CPPFLAGS += $(addprefix -isystem ,$(wildcard $(SYSROOT)/usr/include/*-linux-gnu) $(SYSROOT)/usr/include)
LDFLAGS   = -static $(addprefix -L,$(wildcard $(SYSROOT)/usr/lib/*-linux-gnu))
endif

# What is needed, as Debian names it, with the least version where one matters: to build and run (XXH3 is in
# xxhash since 0.8), for the unit tests, for all of `make check`, for `make coverage`, `make fresh` and `make cluster`.
RUN_PACKAGES      = $(COMPILER) make libc6-dev libexpat1-dev nettle-dev libidn-dev uthash-dev 'libxxhash-dev>=0.8'
TEST_PACKAGES     = $(RUN_PACKAGES) libcmocka-dev
CHECK_PACKAGES    = $(TEST_PACKAGES) gcc clang libclang-rt-dev lld binutils patch clang-format clang-tidy cppcheck \
                    perl libxml2-utils graphviz jq pkg-config
COVERAGE_PACKAGES = $(TEST_PACKAGES) gcc lcov clang patch
FRESH_PACKAGES    = mmdebstrap debian-archive-keyring
VIEWER_PACKAGES   = $(RUN_PACKAGES) nodejs npm chromium
TAGS_PACKAGES     = universal-ctags
# The servers that `make servers` gets, and what their adapters are built with.
SERVER_PACKAGES   = $(RUN_PACKAGES) prosody lua5.4 liblua5.4-dev lua-expat lua-filesystem lua-sec lua-socket \
                    ejabberd jabberd2 libssl-dev
CLUSTER_PACKAGES  = $(RUN_PACKAGES) slurm-wlm munge
FUZZ_PACKAGES     = $(TEST_PACKAGES) clang libclang-rt-dev llvm afl++
CLUSTERFUZZ_PACKAGES = $(FUZZ_PACKAGES) binutils zip unzip
COMPILER          = $(filter gcc clang,$(CC))

# What `make portability` needs beside the first and clang: compilers for a machine of 32 bits and for a
# big-endian one, what runs their programs, and the libraries, which are fetched for both and not installed.
PORTABILITY_PACKAGES = gcc-i686-linux-gnu libc6-dev-i386-cross gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user
FOREIGN_PACKAGES     = libexpat1-dev nettle-dev libidn-dev libxxhash-dev

# Headers that the compiler must find.
RUN_HEADERS  = stdio.h expat.h nettle/hmac.h idna.h uthash.h xxhash.h
TEST_HEADERS = setjmp.h stdarg.h stddef.h stdint.h cmocka.h

# Each module includes and calls only earlier ones.
CORE_MODULES = base xml sasl session account delivery message presence iq routing stream
CORE_SRC  = $(wildcard core/*.c $(CORE_MODULES:%=core/%/*.c))
SIM_MODULES = world xml client kinds model language checks player tool sweep shrink record verbs playground
SIM_SRC   = $(filter-out sim/main.c sim/tool/version.c,$(wildcard sim/*.c $(SIM_MODULES:%=sim/%/*.c)))
CORE_TEST = $(wildcard core/tests/*_test.c)
SIM_TEST  = $(wildcard sim/tests/*_test.c)
# What the core's tests share.
CORE_TEST_SRC = $(filter-out $(CORE_TEST),$(wildcard core/tests/*.c))
SOURCES   = $(sort $(wildcard core/*.c sim/*.c core/*/*.c sim/*/*.c))
HEADERS   = $(sort $(wildcard core/*.h sim/*.h core/*/*.h sim/*/*.h sim/*/*/*.h))
# What needs packages that only `make servers` installs is not analysed.
LAID_OUT  = $(SOURCES) $(wildcard sim/*/*/*.c)

CORE_OBJ  = $(CORE_SRC:%.c=$(BUILD)/%.o)
SIM_OBJ   = $(SIM_SRC:%.c=$(BUILD)/%.o)
# The page of `run --html` (sim/tool/viewer_page.h): the modules in an order in which each uses only earlier ones.
VIEWER     = $(addprefix sim/viewer/,page.html style.css $(VIEWER_JS:%=%.js))
VIEWER_JS  = data dom xml rows diagram lanes list failure details source theme keys view choices beside features report_view main
VIEWER_OBJ = $(BUILD)/sim/tool/viewer_page.o
CORE_TEST_OBJ = $(CORE_TEST_SRC:%.c=$(BUILD)/%.o)
TESTS     = $(CORE_TEST:%.c=$(BUILD)/%) $(SIM_TEST:%.c=$(BUILD)/%)
# Both ends of a recorded connection, for tool_record.sh.
RECORD_ENDS = $(BUILD)/sim/tests/record_ends
SHALLOW  ?=
LINTED    = $(BUILD)/lint$(if $(SHALLOW),-shallow)
ANALYSED  = $(foreach source,$(SOURCES),$(if $(SHALLOW),$(if $(findstring /tests/,$(source)),,$(source)),$(source)))
TIDIED    = $(ANALYSED:%.c=$(LINTED)/%.tidied)
# Programs that run fuzz targets (sim/fuzz/fuzz.h): FUZZ_OUT/NAME, with the driver FUZZ_DRIVER.
FUZZ_NO_TARGET = fuzz region replay watched mutator mutate_stanza mutate_scenario
FUZZ_TARGETS = $(sort $(filter-out $(FUZZ_NO_TARGET),$(patsubst sim/fuzz/%.c,%,$(wildcard sim/fuzz/*.c))))
FUZZ_SHARED  = sim/fuzz/fuzz.c sim/fuzz/region.c sim/fuzz/watched.c core/tests/host.c core/tests/host_storage.c
# Targets with mutations of their own (sim/fuzz/mutator.h), and what those are.
FUZZ_MUTATED = run session stream
FUZZ_MUTATOR = sim/fuzz/mutator.c sim/fuzz/mutate_stanza.c sim/fuzz/mutate_scenario.c
FUZZ_OUT    ?= $(BUILD)/fuzz
FUZZ_DRIVER ?= $(BUILD)/sim/fuzz/replay.o
FUZZ_SRC     = $(FUZZ_TARGETS:%=sim/fuzz/%.c) $(FUZZ_NO_TARGET:%=sim/fuzz/%.c)
FUZZ_BUILT   = $(FUZZ_TARGETS:%=$(FUZZ_OUT)/%)
# What links them: an engine may be C++.
FUZZ_LINK   ?= $(CC)
# Programs that are servers in processes of their own (sim/adapters/README.md).
ADAPTERS  = $(patsubst sim/adapters/%.c,$(BUILD)/adapters/%,$(wildcard sim/adapters/*.c))
# Our core with a mistake, for the tests of `rehearse compare`.
MISTAKEN_ADAPTER = $(BUILD)/mistaken/core
ADAPTER_OBJ = $(ADAPTERS:$(BUILD)/adapters/%=$(BUILD)/sim/adapters/%.o)
# Those of servers that the machine need not have, which `make servers` builds.
SERVERS   = $(BUILD)/adapters/prosody $(BUILD)/adapters/live $(BUILD)/adapters/nodelay.so
LIVE_OBJ  = $(patsubst %.c,$(BUILD)/%.o,$(wildcard sim/adapters/live/*.c))
LUA_FLAGS = -I/usr/include/lua5.4
LUA_LIBS  = -Wl,--no-as-needed -llua5.4 -lexpat -ldl -Wl,--export-dynamic
BENCH_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard sim/bench/*.c))

# The commit that is built, twelve digits; ", modified" where the tree has changes; nothing outside of a checkout,
# also in a copy that lies inside of another one.
COMMIT    = $(shell [ -e .git ] && GIT_OPTIONAL_LOCKS=0 git describe --always --exclude='*' --abbrev=12 --dirty=', modified' 2>/dev/null)
EXTRA_sim_tool_version = -DRELEASE='"$(RELEASE)"' -DCOMMIT='"$(COMMIT)"'
VERSION   = $(BUILD)/sim/tool/version.o

# Prints one line for each file; V=1 shows the commands.
Q         = $(if $(V),,@)
say       = @$(if $(V),:,printf '  %-3s %s\n')

# install PACKAGE...: installs the missing packages.
install   = @CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' sim/tests/packages.sh $(1)
# need HEADERS,TARGET: checks that the compiler exists and finds the headers; otherwise names the target.
need      = @sim/tests/need.sh $(2) '$(1)' $(CC) $(CPPFLAGS)

# Commands that call make.
CORES     = $(shell nproc)
jobs      = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(1))
SUBMAKE   = $(call jobs,$(CORES))
# Some stages wait for clocks: one more runs meanwhile.
STAGEMAKE = $(call jobs,$(shell expr $(CORES) + 1))
# Clang's undefined-behaviour sanitizer has checks that gcc's lacks, such as implicit conversions; gcc's is in the
# build without optimisation.  Unsigned numbers may wrap, as hashes and counters do.  SHALLOW leaves out the checks of
# each pointer that gcc's build has as well, which take a third of the time, and the tests that repeat most (core/tests/shallow.h).
# Freed memory is kept apart for a while, and not for so long that each block costs the kernel a new page.
export ASAN_OPTIONS ?= quarantine_size_mb=8
SANITIZED_BUILD = $(BUILD)/sanitized$(if $(SHALLOW),-shallow)
SANITIZED = BUILD=$(SANITIZED_BUILD) CC=clang OPT='-O1 -gline-tables-only' LDFLAGS=-fuse-ld=lld \
            SANITIZE='-fsanitize=address,$(UNDEFINED) -fno-sanitize-recover=all $(if $(SHALLOW),$(POINTERS) -DSHALLOW -fPIC)' \
            TESTED=$(if $(SHALLOW),so,a)
UNDEFINED = undefined,implicit-conversion,float-divide-by-zero,local-bounds
POINTERS  = -fno-sanitize=null,alignment,object-size,pointer-overflow
GCC_O0    = BUILD=$(BUILD)/gcc-O0 CC=gcc OPT=-O0 SANITIZE='-fsanitize=undefined -fno-sanitize-recover=all'
# Objects apart, because the fuzzers' compilers add what counts; programs in build/fuzz/libfuzzer and build/fuzz/afl.
LIBFUZZER = BUILD=$(BUILD)/fuzz/libfuzzer/obj FUZZ_OUT=$(BUILD)/fuzz/libfuzzer FUZZ_DRIVER=-fsanitize=fuzzer CC=clang \
            FUZZ_UNSEEN=-fno-sanitize=fuzzer-no-link \
            OPT='-O3 -g' SANITIZE='$(FUZZ_SANITIZE)'
# Left out for speed: the operands of comparisons, of which nearly all are lengths and counts; and four checks of each
# pointer, each a fifth of the time of an input.  The address sanitizer finds such a pointer when it is used, and
# `make sanitized` and the services (.clusterfuzzlite) have the checks.
FUZZ_SANITIZE = -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
                $(POINTERS) \
                -fno-sanitize-coverage=trace-cmp,indirect-calls,stack-depth -fsanitize-address-use-after-return=never
AFL       = BUILD=$(BUILD)/fuzz/afl/obj FUZZ_OUT=$(BUILD)/fuzz/afl FUZZ_DRIVER=-fsanitize=fuzzer CC=afl-clang-fast \
            OPT='-O2 -g' SANITIZE=
I386      = BUILD=$(BUILD)/i386 SYSROOT=$(BUILD)/sysroot/i386 CC=i686-linux-gnu-gcc AR=i686-linux-gnu-ar
S390X     = BUILD=$(BUILD)/s390x SYSROOT=$(BUILD)/sysroot/s390x CC=s390x-linux-gnu-gcc AR=s390x-linux-gnu-ar
GOLDEN    = fixtures/hashes/traces
GOLDEN_64 = $(GOLDEN) fixtures/hashes/traces-64
CHECK_SERVER_SEEDS = 1000
CHECK_SERVERS      = prosody live:prosody live:ejabberd live:jabberd2
SCENARIOS = scenarios
REGRESSIONS = fixtures/regressions
SUITE     = bookworm
TIME      = 10m

# What `make coverage` asks for at least: a folder, and the percentages of its lines and of its branches; and of the
# lines that a change adds, which `make coverage-diff` looks at.  FUZZ_REPLAYS are programs below build/coverage that
# replay the files of fixtures/corpus/NAME, each for its name.
COVERAGE_LEAST = core 99 96 sim 97 92
COVERAGE_LEAST_DIFF = 100
FUZZ_REPLAYS   = $(FUZZ_TARGETS:%=$(BUILD)/coverage/fuzz/%)
# Programs for what the tool does only with a core that counts; that core itself is not measured there.
COVERAGE_OTHERS = $(addprefix $(BUILD)/coverage/,counted/resources_test guided/rehearse guided/mistaken)
NOT_MEASURED    = $(filter-out --coverage,$(CFLAGS))
# Processes that end early keep their counts (sim/tests/coverage_kept.c).
COVERAGE_KEPT  = $(BUILD)/coverage/sim/tests/coverage_kept.o
COVERAGE       = BUILD=$(BUILD)/coverage CC=gcc OPT='-O0 -g --coverage' \
                 LDFLAGS='$(COVERAGE_KEPT) -Wl,--wrap=_exit,--wrap=abort,--wrap=__assert_fail \
                          -Wl,--wrap=fork,--wrap=execv,--wrap=execve'

# Two goals that both call make would build the same files in parallel.
ifeq ($(MAKELEVEL),0)
ifneq ($(filter-out 0 1,$(words $(MAKECMDGOALS))),)
.NOTPARALLEL:
endif
endif

.DELETE_ON_ERROR:
.PHONY: all matrix mistaken quick quick-stages check-stages check-rest rest-stages layout tidy compile_commands.json tags deps-tags layers tests run check test soak lint bench mutants coverage coverage-diff coverage-of determinism portability hashes golden symbols headers sanitized resources
.PHONY: unoptimised sanitized-test starve
.PHONY: viewer pictures servers deps-viewer deps-servers check-servers
.PHONY: deps deps-test deps-check deps-coverage deps-fresh deps-cluster cluster fresh fresh-all clean help FORCE
.PHONY: guided guided-test fuzz fuzz-all fuzz-afl fuzz-corpora fuzz-replay fuzz-programs deps-fuzz clusterfuzz deps-clusterfuzz

all: $(BUILD)/rehearse $(ADAPTERS) ## builds build/rehearse, and the adapters in build/adapters (the default)

# More servers for `make matrix`: MATRIX_SERVERS='--server "pipe:python3 my-adapter.py"'.
MATRIX_SERVERS ?=
matrix: ## results by topic, level and server: reports/matrix.svg and matrix.json
	+@$(SUBMAKE) all
	@for format in svg json; do \
	    $(BUILD)/rehearse matrix --server core $(ADAPTERS:%=--server pipe:%) $(MATRIX_SERVERS) --jobs $(CORES) \
	        --format $$format --output reports/matrix.$$format $(SCENARIOS) || [ $$? -eq 1 ] || exit 2; \
	done

run: deps ## installs missing packages, builds, and runs scenarios/ and fixtures/regressions/
	+@$(SUBMAKE) all
	@$(BUILD)/rehearse run $(SCENARIOS) $(REGRESSIONS)

servers: deps-servers ## installs other servers, which are never started as services, and builds their adapters: --server prosody
	+@$(SUBMAKE) all $(SERVERS)

check-servers: servers ## scenarios on other servers, and seeds: make check-servers CHECK_SERVERS='prosody live:ejabberd'
	@sim/tests/servers.sh $(BUILD)/rehearse $(CHECK_SERVER_SEEDS) '$(CHECK_SERVERS)' $(SCENARIOS)

check: deps-check ## all checks that a change must pass
	@rm -rf $(STAGED)
	+@$(STAGEMAKE) -k WERROR=-Werror check-stages || true
	@sim/tests/sum_up.sh $(STAGED) $(CHECK_STAGES)

check-rest: deps-check ## what a CI server checks besides, as make check has no time for it
	@rm -rf $(STAGED)
	+@$(STAGEMAKE) -k WERROR=-Werror rest-stages || true
	@sim/tests/sum_up.sh $(STAGED) $(REST_STAGES)

test: deps-test ## only the unit tests
	+@$(SUBMAKE) tests
	@sim/tests/run-tests.sh $(TESTS)

# A range of a thousand million seeds is never exhausted, and each soak begins at a random seed.
soak: ## sweeps random new seeds on all cores: make soak TIME=1h
	+@$(SUBMAKE) all
	@begin=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' '); \
	echo "seeds from $${begin}000000, for $(TIME)"; \
	$(BUILD)/rehearse sweep --seeds $${begin}000000..$$((begin + 1000))000000 --faults all \
	    --jobs $(CORES) --time $(TIME)

tests: $(TESTS) $(RECORD_ENDS)

mistaken: $(MISTAKEN_ADAPTER)

quick: deps-check ## the checks that take seconds: unit tests, scenarios, 500 seeds, layers, layout
	@rm -rf $(STAGED)
	+@$(STAGEMAKE) -k quick-stages || true
	@sim/tests/sum_up.sh $(STAGED) $(QUICK_STAGES)

lint: ## checks the layout, clang-tidy, cppcheck, that cited clauses exist, and that core sources have tests: make lint SHALLOW=1
	+@MAKE='$(SUBMAKE)' sim/tests/lint.sh $(BUILD) '$(LAID_OUT)' '$(HEADERS)' '$(ANALYSED)'

layout: ## checks only the layout
	+@MAKE='$(SUBMAKE)' sim/tests/lint.sh --layout $(BUILD) '$(LAID_OUT)' '$(HEADERS)'

tidy: $(TIDIED)

# For editors: how each source is compiled, and where each name is defined.
compile_commands.json: $(BUILD)/expat ## writes the compiler's options for each source, for clangd and other tools
	$(say) CC $@
	$(Q)sim/tests/compile_commands.sh '$(SOURCES)' $(CC) $(WARN) $(TIDY_FLAGS) $$(cat $(BUILD)/expat) >$@

tags: deps-tags ## writes an index of all names, for editors: tags
	$(say) TAG $@
	$(Q)ctags --languages=C --kinds-C=+px -f $@ $(SOURCES) $(HEADERS)

bench: ## measures the core and the simulation, as ratios to bare parsing
	+@$(SUBMAKE) $(BUILD)/bench
	@$(BUILD)/bench

mutants: ## checks that each of many seeded mistakes in the core is detected: make mutants SEEDS=2000
	@MAKEFLAGS= sim/tests/mutants.sh $(BUILD) $(SCENARIOS) fixtures/regressions

coverage: deps-coverage ## measures what tests and scenarios reach: reports/coverage/index.html
	+@$(SUBMAKE) $(COVERAGE) $(COVERAGE_KEPT)
	+@$(SUBMAKE) $(COVERAGE) all tests mistaken $(FUZZ_REPLAYS) $(COVERAGE_OTHERS)
	@SCENARIOS='$(SCENARIOS)' REGRESSIONS='$(REGRESSIONS)' LEAST='$(COVERAGE_LEAST)' FUZZ_REPLAYS='$(FUZZ_REPLAYS)' \
	    JOBS=$(CORES) VERSION='$(RELEASE)' sim/tests/coverage.sh $(BUILD)/coverage $(TESTS:$(BUILD)/%=$(BUILD)/coverage/%)

coverage-diff: ## prints the lines of a change that nothing reaches, after `make coverage`: make coverage-diff BASE=main
	@LEAST_DIFF='$(COVERAGE_LEAST_DIFF)' sim/tests/coverage_diff.sh $(BUILD)/coverage '$(BASE)'

coverage-of: ## prints which tests and scenarios reach a line, after `make coverage`: make coverage-of AT=core/iq/iq.c:30
	@sim/tests/coverage_of.sh $(BUILD)/coverage '$(AT)'

# The tool without optimisation, with gcc's undefined-behaviour sanitizer.
unoptimised:
	+@$(SUBMAKE) $(GCC_O0) all

# SHALLOW compares the first two for a third of the lines.
determinism: $(if $(SHALLOW),,unoptimised) ## compares the trace hashes of builds with two compilers, three optimisations and the sanitizers: make determinism SHALLOW=1
	+@$(SUBMAKE) all
	+@$(SUBMAKE) $(SANITIZED) $(SANITIZED_BUILD)/rehearse
	@SHALLOW='$(SHALLOW)' sim/tests/determinism.sh '$(GOLDEN_64)' $(BUILD)/rehearse $(SANITIZED_BUILD)/rehearse \
	    $(if $(SHALLOW),,$(BUILD)/gcc-O0/rehearse)

portability: unoptimised ## the same with more builds, for a 32-bit and a big-endian machine (emulated)
	$(call install,$(RUN_PACKAGES) gcc clang $(PORTABILITY_PACKAGES))
	@sim/tests/sysroot.sh i386 $(BUILD)/sysroot/i386 $(FOREIGN_PACKAGES)
	@sim/tests/sysroot.sh s390x $(BUILD)/sysroot/s390x $(FOREIGN_PACKAGES)
	+@$(SUBMAKE) all
	+@$(SUBMAKE) BUILD=$(BUILD)/gcc-O2 CC=gcc OPT=-O2 all
	+@$(SUBMAKE) BUILD=$(BUILD)/clang-O0 CC=clang OPT=-O0 all
	+@$(SUBMAKE) BUILD=$(BUILD)/clang-O3 CC=clang OPT=-O3 all
	+@$(SUBMAKE) $(I386) all
	+@$(SUBMAKE) $(S390X) all
	@sim/tests/determinism.sh '$(GOLDEN)' $(BUILD)/rehearse 'qemu-i386 $(BUILD)/i386/rehearse'
	@sim/tests/determinism.sh '$(GOLDEN_64)' $(BUILD)/rehearse $(BUILD)/gcc-O0/rehearse \
	    $(BUILD)/gcc-O2/rehearse $(BUILD)/clang-O0/rehearse $(BUILD)/clang-O3/rehearse \
	    'qemu-s390x $(BUILD)/s390x/rehearse'

hashes: ## compares the golden trace hashes with this build
	+@$(SUBMAKE) all
	@sim/tests/determinism.sh '$(GOLDEN_64)' $(BUILD)/rehearse

golden: ## stores the current trace hashes as the golden ones
	+@$(SUBMAKE) all
	@sim/tests/determinism.sh --write '$(GOLDEN_64)' $(BUILD)/rehearse

symbols: $(BUILD)/libcore.a ## checks which symbols the core needs, and that it has no global state
	@sim/tests/symbols.sh $(BUILD)/libcore.a

headers: $(BUILD)/libcore.a ## checks that a C++ program can use the core
	@sim/tests/headers.sh $(BUILD)/libcore.a $(CC) $(SANITIZE) $(CPPFLAGS) -- $(LDFLAGS) $(CORE_LIBS)

layers: $(CORE_OBJ) $(SIM_OBJ) $(BENCH_OBJ) $(ADAPTER_OBJ) $(BUILD)/sim/main.o $(VERSION) ## checks that modules use only earlier modules, and that no files form a cycle
	@sim/tests/layers.sh $(BUILD) sim/tests/layers.list 'core $(CORE_MODULES)' 'sim $(SIM_MODULES) bench adapters'

# kept NAME,FILES,SCRIPT ARGUMENT...: the target NAME tests a script; its cases are not run again once they have passed, as
# long as these files are the same.
define kept
$(BUILD)/kept/$(1): sim/tests/$(firstword $(3)) $(wildcard $(2)) $(BUILD)/flags
	@mkdir -p $$(@D)
	@sim/tests/$(3) >$$@ 2>&1 || { cat $$@; exit 1; }
.PHONY: $(1)
$(1): $(BUILD)/kept/$(1)
	@cat $$<
endef
$(eval $(call kept,layers-cases,sim/tests/layers*,layers_cases.sh $(CC)))
$(eval $(call kept,packages-cases,sim/tests/packages.sh,packages_cases.sh))
$(eval $(call kept,run-tests-cases,sim/tests/run-tests.sh,run_tests_cases.sh))
$(eval $(call kept,lint-cases,sim/tests/lint.sh,lint_cases.sh))
$(eval $(call kept,has-tests-cases,sim/tests/has_tests.sh,has_tests_cases.sh))
$(eval $(call kept,coverage-cases,sim/tests/coverage*,coverage_cases.sh $(CC)))
# What shares a sweep out does not depend on the core.
$(eval $(call kept,cluster-cases,sim/cluster/* sim/tests/expect.sh,cluster_cases.sh $(BUILD)/rehearse))
$(BUILD)/kept/cluster-cases: $(BUILD)/libsim.a | $(BUILD)/rehearse

resources: ## checks the bounds on the output, memory and work of the core (sim/world/costs.h)
	+@$(SUBMAKE) $(COUNTED_BUILT)
	@sim/tests/resources.sh $(COUNTED_BUILT) $(SCENARIOS) $(REGRESSIONS)

starve: ## runs the scenarios with each of their allocations failing once: make starve SHALLOW=1 for one of five
	+@$(SUBMAKE) all
	@$(BUILD)/rehearse starve --jobs $(CORES) $(if $(SHALLOW),--every 5) $(SCENARIOS)

sanitized: ## builds the tool and the tests with the address and undefined-behaviour sanitizers: build/sanitized
	+@$(SUBMAKE) $(SANITIZED) $(SANITIZED_BUILD)/rehearse tests $(if $(SHALLOW),,all mistaken)

sanitized-test: deps-check sanitized ## runs these tests: make sanitized-test SHALLOW=1
	@sim/tests/run-tests.sh $(TESTS:$(BUILD)/%=$(SANITIZED_BUILD)/%)

deps: ## installs the Debian packages that `make run` needs
	$(call install,$(RUN_PACKAGES))

# A server is tested in processes of its own; the package's service is not started (policy-rc.d(8)).
deps-servers:
	@CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' sim/tests/without_services.sh sim/tests/packages.sh $(SERVER_PACKAGES)

deps-test:
	$(call install,$(TEST_PACKAGES))

deps-check: ## installs those for `make check`
	$(call install,$(CHECK_PACKAGES))

deps-coverage: ## installs those for `make coverage`
	$(call install,$(COVERAGE_PACKAGES))

deps-tags:
	$(call install,$(TAGS_PACKAGES))

deps-fresh:
	$(call install,$(FRESH_PACKAGES))

fresh: ## runs `make run`, `make test` and `make installed` on a minimal machine (as root): make fresh SUITE=trixie
	@sim/tests/fresh.sh $(SUITE)

fresh-all: ## the same on Debian 12, 13 and sid, and on Debian 12 with its oldest expat
	@sim/tests/fresh.sh bookworm trixie sid bookworm:libexpat1-dev

deps-cluster:
	$(call install,$(CLUSTER_PACKAGES))

# Without root nothing is installed, and the script says that it is skipped.
CLUSTER_SEEDS = 40000
cluster: $(if $(filter 0,$(shell id -u)),deps-cluster) ## sweeps on a real Slurm of one node (as root): make cluster CLUSTER_SEEDS=4000
	+@$(SUBMAKE) all
	@sim/tests/cluster.sh $(BUILD) $(CLUSTER_SEEDS)

viewer: deps-viewer ## installs what the tests of the viewer need, also playwright-core in build/viewer, and runs them
	+@$(SUBMAKE) all
	@sim/tests/viewer.sh --install $(BUILD)

# Of a core that delivers messages twice; and of the servers that are built.
pictures: deps-viewer servers ## makes the pictures of the README
	+@$(SUBMAKE) all mistaken matrix MATRIX_SERVERS='--server prosody'
	@sim/tests/pictures.sh $(BUILD) .github

deps-viewer:
	$(call install,$(VIEWER_PACKAGES))

guided: deps-fuzz ## builds build/guided/rehearse, for `sweep --guided`
	+@$(SUBMAKE) $(BUILD)/guided/rehearse

guided-test: ## tests guided sweeps
	+@$(SUBMAKE) $(BUILD)/guided/rehearse $(BUILD)/guided/mistaken
	@sim/tests/tool_guided.sh $(BUILD)/guided/rehearse $(BUILD)/guided/mistaken

fuzz: deps-fuzz ## fuzzes a target of sim/fuzz with libFuzzer: make fuzz TARGET=stream TIME=10m
	+@$(SUBMAKE) $(LIBFUZZER) $(BUILD)/fuzz/libfuzzer/$(TARGET)
	+@$(SUBMAKE) $(BUILD)/fuzz/$(TARGET)
	@sim/fuzz/fuzz.sh $(BUILD) $(TIME) $(TARGET)

fuzz-all: deps-fuzz ## fuzzes all targets, each for its share of the time and of the cores: make fuzz-all TIME=1h
	+@$(SUBMAKE) $(LIBFUZZER) fuzz-programs
	+@$(SUBMAKE) fuzz-programs
	@JOBS=$(CORES) sim/fuzz/fuzz.sh $(BUILD) $(TIME) $(FUZZ_TARGETS)

fuzz-afl: deps-fuzz ## the same as fuzz with AFL++: make fuzz-afl TARGET=stream TIME=10m
	+@$(SUBMAKE) $(AFL) $(BUILD)/fuzz/afl/$(TARGET)
	+@$(SUBMAKE) $(BUILD)/fuzz/$(TARGET)
	@sim/fuzz/fuzz.sh --afl $(BUILD) $(TIME) $(TARGET)

fuzz-corpora: deps-fuzz ## adds inputs made of the scenarios, and minimises fixtures/corpus
	+@$(SUBMAKE) all fuzz-programs
	+@$(SUBMAKE) $(LIBFUZZER) fuzz-programs
	@sim/fuzz/corpora.sh $(BUILD) $(FUZZ_TARGETS)

fuzz-replay: deps ## runs the inputs of fixtures/corpus and fixtures/regressions/inputs once each
	+@$(SUBMAKE) fuzz-programs
	@sim/fuzz/replay.sh $(BUILD)/fuzz $(FUZZ_TARGETS)

fuzz-programs: $(FUZZ_BUILT)

deps-fuzz:
	$(call install,$(FUZZ_PACKAGES))

# Some of: address undefined coverage afl none.  Each builds everything once.
CLUSTERFUZZ = address undefined coverage afl none
clusterfuzz: deps-clusterfuzz ## builds the fuzz targets as OSS-Fuzz does, and checks them: make clusterfuzz CLUSTERFUZZ=address
	@sim/tests/clusterfuzz.sh $(CLUSTERFUZZ)

deps-clusterfuzz:
	$(call install,$(CLUSTERFUZZ_PACKAGES))

clean: ## removes all build results
	rm -rf $(BUILD)

help: ## prints this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile sim/install/install.mk sim/playground/playground.mk | expand -t 18

$(BUILD)/libcore.a: $(CORE_OBJ) $(BUILD)/core.list
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $(CORE_OBJ)

$(BUILD)/libsim.a: $(SIM_OBJ) $(VIEWER_OBJ) $(BUILD)/sim.list
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $(SIM_OBJ) $(VIEWER_OBJ)

$(BUILD)/sim/tool/viewer_page.c: sim/viewer/assemble.sh $(VIEWER)
	@mkdir -p $(@D)
	$(say) GEN $@
	$(Q)sim/viewer/assemble.sh $(VIEWER) >$@

$(VIEWER_OBJ): $(BUILD)/sim/tool/viewer_page.c $(BUILD)/flags $(BUILD)/expat
	$(say) CC $@
	$(Q)$(CC) $(NOT_MEASURED) -MMD -MP $(CPPFLAGS) -Isim/tool -c -o $@ $<

$(BUILD)/libcoretest.a: $(CORE_TEST_OBJ) $(BUILD)/coretest.list
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $(CORE_TEST_OBJ)

$(BUILD)/rehearse: $(BUILD)/sim/main.o $(VERSION) $(BUILD)/libsim.a $(BUILD)/libcore.a
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(ADAPTERS): $(BUILD)/adapters/%: $(BUILD)/sim/adapters/%.o $(BUILD)/libsim.a $(BUILD)/libcore.a | $(VERSION)
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(VERSION) $(filter %.a,$^) $(LIBS)

# As new as the object without it, and so as the headers.
$(BUILD)/mistaken/message.o: core/message/message.c sim/tests/mutants/delivered-twice.patch $(BUILD)/core/message/message.o
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)patch -s -o $(@D)/message.c $< sim/tests/mutants/delivered-twice.patch
	$(Q)$(CC) $(NOT_MEASURED) $(CPPFLAGS) -Icore @$(BUILD)/expat -c -o $@ $(@D)/message.c

$(MISTAKEN_ADAPTER): $(BUILD)/sim/adapters/core.o $(BUILD)/mistaken/message.o $(VERSION) $(BUILD)/libsim.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Lua calls what the program exports: expat's functions, so that they do not defer.
PROSODY = sim/adapters/prosody
$(BUILD)/adapters/prosody: $(PROSODY)/host.c $(wildcard $(PROSODY)/*.lua) $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CFLAGS) $(LUA_FLAGS) -o $@ $< $(LDFLAGS) $(LUA_LIBS)

$(BUILD)/adapters/live: $(LIVE_OBJ) $(BUILD)/libsim.a $(BUILD)/libcore.a | $(VERSION)
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(VERSION) $(filter %.a,$^) $(LIBS) -lssl -lcrypto

# What `live` loads into a server (jabberd2.c).
$(BUILD)/adapters/nodelay.so: sim/adapters/live/nodelay/nodelay.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(filter-out $(SANITIZE),$(CFLAGS)) -fPIC -shared -o $@ $<

$(BUILD)/bench: $(BENCH_OBJ) $(VERSION) $(BUILD)/libsim.a $(BUILD)/libcore.a
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# The core once more, with what it does counted (sim/world/work.h); the rest is as it was built.
COUNTED       = $(BUILD)/counted
COUNTED_OBJ   = $(CORE_SRC:%.c=$(COUNTED)/%.o)
COUNTED_BUILT = $(COUNTED)/rehearse $(COUNTED)/resources_test
COUNT         = -fsanitize-coverage=trace-pc -include sim/world/work_calls.h

$(COUNTED_OBJ): $(COUNTED)/%.o: %.c $(BUILD)/flags $(BUILD)/expat
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(NOT_MEASURED) -O1 $(COUNT) -MMD -MP $(CPPFLAGS) -Icore @$(BUILD)/expat -c -o $@ $<

$(COUNTED)/rehearse: $(BUILD)/sim/main.o $(VERSION) $(BUILD)/libsim.a $(COUNTED_OBJ)
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter-out %.a,$^) $(BUILD)/libsim.a $(LIBS)

$(COUNTED)/resources_test: $(BUILD)/sim/tests/resources_test.o $(VERSION) $(BUILD)/libsim.a $(COUNTED_OBJ)
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter-out %.a,$^) $(BUILD)/libsim.a $(LIBS) -lcmocka

include sim/install/install.mk
include sim/playground/playground.mk
include sim/tests/stages.mk

# The core once more, by clang, with the edges counted that a run reaches (sim/sweep/guided_edges.h).
GUIDED        = $(BUILD)/guided
GUIDED_OBJ    = $(CORE_SRC:%.c=$(GUIDED)/%.o)
GUIDE         = -fsanitize-coverage=edge,inline-8bit-counters

$(GUIDED_OBJ): $(GUIDED)/%.o: %.c $(BUILD)/flags $(BUILD)/expat
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)clang $(NOT_MEASURED) $(GUIDE) -MMD -MP $(CPPFLAGS) -Icore @$(BUILD)/expat -c -o $@ $<

$(GUIDED)/rehearse: $(BUILD)/sim/main.o $(VERSION) $(BUILD)/libsim.a $(GUIDED_OBJ)
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter-out %.a,$^) $(BUILD)/libsim.a $(LIBS)

# The same with a mistake in the core, which a guided sweep must find.
$(GUIDED)/mistaken.o: core/message/message.c sim/tests/mutants/delivered-twice.patch $(BUILD)/flags $(BUILD)/expat
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)patch -s -o $(GUIDED)/mistaken.c $< sim/tests/mutants/delivered-twice.patch
	$(Q)clang $(NOT_MEASURED) $(GUIDE) $(CPPFLAGS) -Icore @$(BUILD)/expat -c -o $@ $(GUIDED)/mistaken.c

$(GUIDED)/mistaken: $(BUILD)/sim/main.o $(VERSION) $(BUILD)/libsim.a $(GUIDED_OBJ) $(GUIDED)/mistaken.o
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter-out %.a %/message/message.o,$^) $(BUILD)/libsim.a $(LIBS)

$(BUILD)/%.o: %.c $(BUILD)/flags $(BUILD)/expat
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CFLAGS) $(EXTRA_$(subst /,_,$*)) -MMD -MP $(CPPFLAGS) @$(BUILD)/expat -c -o $@ $<

# The core's own files name each other with their folder, and so do two tests of the checks and the fuzz targets,
# which look inside.
INSIDE    = $(CORE_TEST) $(CORE_TEST_SRC) sim/tests/blocks_test.c sim/tests/checks_test.c \
            $(FUZZ_SRC)
$(CORE_OBJ) $(INSIDE:%.c=$(BUILD)/%.o): private CPPFLAGS += -Icore

# Tests are compiled once for each time that they run; optimising them takes longer than they do.
TEST_OPT  = -O0
$(TESTS:=.o): private CFLAGS += $(TEST_OPT)

# Cmocka 2 would make the tests call functions that cmocka 1 does not have.
$(TESTS:=.o) $(CORE_TEST_OBJ): private CPPFLAGS += -DCMOCKA_DISABLE_DEPRECATION_WARNINGS
# What the fuzz targets share is built without cmocka.
$(TESTS:=.o) $(filter-out $(FUZZ_SHARED:%.c=$(BUILD)/%.o),$(CORE_TEST_OBJ)): | $(BUILD)/cmocka

# What is tested is linked into each test, or shared by them.  A link with the sanitizers takes longer than most tests, and a
# test that shares is linked again only when it has changed itself.
TESTED   ?= a
CORE_TESTED = $(BUILD)/libcoretest.$(TESTED) $(BUILD)/libcore.$(TESTED)
SIM_TESTED  = $(BUILD)/libsim.$(TESTED) $(BUILD)/libcore.$(TESTED)
SHARES      = $(if $(filter so,$(TESTED)),-Xlinker -rpath -Xlinker $(abspath $(BUILD)))

$(sort $(SIM_TESTED:.a=.so) $(CORE_TESTED:.a=.so)): %.so: %.a
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,--whole-archive $< -Wl,--no-whole-archive -o $@

$(BUILD)/core/tests/%: $(BUILD)/core/tests/%.o $(filter %.a,$(CORE_TESTED)) | $(filter %.so,$(CORE_TESTED))
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(CORE_TESTED) $(SHARES) $(CORE_LIBS) -lcmocka

# A new commit does not link the tests again.
$(BUILD)/sim/tests/%: $(BUILD)/sim/tests/%.o $(filter %.a,$(SIM_TESTED)) | $(filter %.so,$(SIM_TESTED)) $(VERSION)
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(VERSION) $(SIM_TESTED) $(SHARES) $(LIBS) -lcmocka

# What drives the core is not looked for by coverage; and its loops that copy are no calls of memcpy, in which the
# sanitizer would check each byte.
FUZZ_UNSEEN =
FUZZ_DRIVES = $(FUZZ_SHARED) $(FUZZ_MUTATOR) sim/world/costs.c sim/world/heap.c
$(FUZZ_DRIVES:%.c=$(BUILD)/%.o): private CFLAGS += $(FUZZ_UNSEEN)
$(BUILD)/sim/fuzz/region.o: private CFLAGS += -O2 -fno-builtin

FUZZ_OBJ = $(FUZZ_SHARED:%.c=$(BUILD)/%.o)
$(FUZZ_MUTATED:%=$(FUZZ_OUT)/%): $(FUZZ_MUTATOR:%.c=$(BUILD)/%.o)
$(FUZZ_BUILT): $(FUZZ_OUT)/%: $(BUILD)/sim/fuzz/%.o $(FUZZ_OBJ) $(filter %.o,$(FUZZ_DRIVER)) $(BUILD)/libsim.a $(BUILD)/libcore.a | $(VERSION)
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(FUZZ_LINK) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(VERSION) $(filter-out %.o,$(FUZZ_DRIVER)) \
	    $(filter %.a,$^) $(LIBS)

$(BUILD)/sim/tests/region_test $(BUILD)/sim/tests/fuzz_test: $(BUILD)/sim/fuzz/region.o $(BUILD)/sim/fuzz/fuzz.o
$(BUILD)/sim/tests/mutate_stanza_test $(BUILD)/sim/tests/mutate_scenario_test: $(FUZZ_MUTATOR:%.c=$(BUILD)/%.o)

# The parts of the live adapter that need no TLS.
$(BUILD)/sim/tests/live_proceed_test: $(BUILD)/sim/adapters/live/proceed.o
$(BUILD)/sim/tests/live_wanted_test: $(BUILD)/sim/adapters/live/wanted.o

# It reads a core that the rig of the core's tests drives.
$(BUILD)/sim/tests/blocks_test: $(CORE_TEST_OBJ)

$(VERSION): $(BUILD)/commit

# Sources in which clang-tidy has found nothing.  The compiler only lists the headers of each.  STEPS, or SHALLOW, bounds the
# steps that the analysis takes for one function: a hundredth of what it may take without, in a tenth of the time; and
# it leaves out the tests, which all run with the sanitizers.
TIDY       = clang-tidy
TIDY_FLAGS = -std=c11 $(CPPFLAGS) -Icore -DRELEASE='""'
STEPS     ?= $(if $(SHALLOW),2000)
TIDY_STEPS = $(if $(STEPS),-Xclang -analyzer-config -Xclang max-nodes=$(STEPS))
$(TIDIED): $(LINTED)/%.tidied: %.c .clang-tidy $(LINTED)/options $(BUILD)/expat
	@mkdir -p $(@D)
	@$(CC) $(TIDY_FLAGS) @$(BUILD)/expat -MM -MP -MT $@ -MF $(@:.tidied=.d) $<
	@said=$$($(TIDY) --quiet $< -- $(TIDY_FLAGS) $(TIDY_STEPS) $$(cat $(BUILD)/expat) 2>&1) || { printf '%s\n' "$$said"; exit 1; }
	@touch $@

# What expat has, as options for the compiler (core/xml/expat_calls.h), and first of all whether the compiler and
# the libraries are there.
$(BUILD)/expat: FORCE
	@mkdir -p $(@D)
	$(call need,$(RUN_HEADERS),deps)
	@new=$@.$$$$; core/xml/expat_probe.sh $(CC) $(CPPFLAGS) >$$new && { cmp -s $$new $@ || cp $$new $@; }; \
	status=$$?; rm -f $$new; exit $$status

$(BUILD)/cmocka: | $(BUILD)/expat
	$(call need,$(TEST_HEADERS),deps-check)
	@touch $@

# These change when what they hold does: other flags compile everything again, and a file that is gone leaves
# its library.
$(BUILD)/flags:     HOLDS = $(CC) $(CFLAGS) $(CPPFLAGS)
$(BUILD)/core.list: HOLDS = $(CORE_OBJ)
$(BUILD)/coretest.list: HOLDS = $(CORE_TEST_OBJ)
$(BUILD)/sim.list:  HOLDS = $(SIM_OBJ)
$(BUILD)/commit:    HOLDS = $(RELEASE) $(COMMIT)
$(LINTED)/options: HOLDS = $(shell $(TIDY) --version 2>/dev/null) $(TIDY_FLAGS) $(TIDY_STEPS)
HELD      = $(addprefix $(BUILD)/,flags core.list coretest.list sim.list commit) $(LINTED)/options
$(HELD): FORCE
	@mkdir -p $(@D)
	@echo '$(HOLDS)' | cmp -s - $@ || echo '$(HOLDS)' > $@

.PRECIOUS: $(BUILD)/%.o
DEPENDED  = $(CORE_OBJ) $(CORE_TEST_OBJ) $(SIM_OBJ) $(VIEWER_OBJ) $(BUILD)/sim/main.o $(VERSION) $(COUNTED_OBJ) $(GUIDED_OBJ) $(BENCH_OBJ) $(ADAPTER_OBJ) $(LIVE_OBJ) $(TESTS:=.o) $(RECORD_ENDS).o $(PIC_OBJ) \
            $(FUZZ_SRC:%.c=$(BUILD)/%.o)
-include $(wildcard $(DEPENDED:.o=.d) $(TIDIED:.tidied=.d))
