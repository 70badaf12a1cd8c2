# Rehearsal.  `make help` lists the targets.

BUILD   ?= build
CC      ?= cc
OPT     ?= -O2 -g
SANITIZE ?=
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
CFLAGS   = -std=c11 $(OPT) $(WARN) $(SANITIZE)
CORE_LIBS = -lexpat -lnettle -lidn
LIBS     = $(CORE_LIBS) -lxxhash

CORE_SRC  = $(wildcard core/*.c)
SIM_SRC   = $(filter-out sim/main.c,$(wildcard sim/*.c))
CORE_TEST = $(wildcard core/tests/*_test.c)
SIM_TEST  = $(wildcard sim/tests/*_test.c)

CORE_OBJ  = $(CORE_SRC:%.c=$(BUILD)/%.o)
SIM_OBJ   = $(SIM_SRC:%.c=$(BUILD)/%.o)
TESTS     = $(CORE_TEST:%.c=$(BUILD)/%) $(SIM_TEST:%.c=$(BUILD)/%)

.PHONY: all tests clean
all: $(BUILD)/rehearse

tests: $(TESTS)

$(BUILD)/libcore.a: $(CORE_OBJ)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/libsim.a: $(SIM_OBJ)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/rehearse: $(BUILD)/sim/main.o $(BUILD)/libsim.a $(BUILD)/libcore.a
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(EXTRA_$(subst /,_,$*)) -MMD -MP -D_POSIX_C_SOURCE=200809L -c -o $@ $<

$(BUILD)/core/tests/%: $(BUILD)/core/tests/%.o $(BUILD)/libcore.a
	$(CC) $(CFLAGS) -o $@ $^ $(CORE_LIBS) -lcmocka

$(BUILD)/sim/tests/%: $(BUILD)/sim/tests/%.o $(BUILD)/libsim.a $(BUILD)/libcore.a
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS) -lcmocka

.PRECIOUS: $(BUILD)/%.o
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

clean:
	rm -rf $(BUILD)
