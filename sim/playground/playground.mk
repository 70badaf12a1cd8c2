# The playground: a page with the core, the simulator and the viewer in it (README.md here).  Compiled with Debian's
# emscripten; its libraries are built from Debian's sources (libraries.sh).
PLAYGROUND_PACKAGES = $(RUN_PACKAGES) emscripten nodejs dpkg-dev debian-archive-keyring
PLAYGROUND  = $(BUILD)/playground

WASM        = $(BUILD)/wasm
WASM_HAS    = $(WASM)/libraries
# What a run needs, and what writes it.  Only measurements need heap_crowds.c, which needs glibc.
WASM_MODULES = world xml client kinds model language checks player tool playground
WASM_SRC    = $(CORE_SRC) $(filter-out sim/main.c sim/tool/version.c sim/world/heap_crowds.c, \
              $(wildcard sim/*.c $(WASM_MODULES:%=sim/%/*.c)))
WASM_OBJ    = $(WASM_SRC:%.c=$(WASM)/obj/%.o)
WASM_CPPFLAGS = -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -DXXH_INLINE_ALL -Icore/include -isystem $(WASM_HAS)/usr/include
WASM_CFLAGS = -std=c11 -O2 $(WARN) $(WERROR)
# A program without main, which asks its host for next to nothing (module.js).
WASM_LDFLAGS = -O2 --no-entry -sSTANDALONE_WASM=1 -sALLOW_MEMORY_GROWTH=1 -sTOTAL_STACK=1MB \
              -sEXPORTED_FUNCTIONS=_playground_run,_malloc,_free
# The parts of emscripten that are programs for node look for Debian's modules; another node would not.
EMCC        = NODE_PATH=/usr/share/nodejs emcc
EMAR        = NODE_PATH=/usr/share/nodejs emar

PLAYGROUND_PAGE = $(addprefix sim/playground/,playground.css main.js editor.js highlight.js share.js runner.js worker.js module.js examples.js)
PLAYGROUND_VIEWER = $(addprefix sim/viewer/,style.css $(addsuffix .js,$(filter-out list main source,$(VIEWER_JS))))

.PHONY: playground playground-test playground-page deps-playground

playground: deps-playground ## builds the playground, a page that runs scenarios in the browser: build/playground
	+@$(SUBMAKE) playground-page
	@touch $(PLAYGROUND)/index.html

playground-test: playground deps-viewer ## compares its runs with those of build/rehearse, and tests it in a browser
	+@$(SUBMAKE) all
	@sim/tests/playground.sh --install $(BUILD)

playground-page: $(PLAYGROUND)/index.html

deps-playground:
	$(call install,$(PLAYGROUND_PACKAGES))

$(WASM_HAS)/libraries: sim/playground/libraries.sh
	@sim/playground/libraries.sh $(WASM_HAS)
	@touch $@

$(WASM)/expat: $(WASM_HAS)/libraries core/xml/expat_probe.sh
	@NODE_PATH=/usr/share/nodejs core/xml/expat_probe.sh emcc $(WASM_CPPFLAGS) >$@

$(WASM)/flags: HOLDS = $(WASM_CFLAGS) $(WASM_CPPFLAGS)
$(WASM)/list:  HOLDS = $(WASM_OBJ) $(WASM_LDFLAGS)
$(WASM)/flags $(WASM)/list: FORCE
	@mkdir -p $(@D)
	@echo '$(HOLDS)' | cmp -s - $@ || echo '$(HOLDS)' > $@

$(WASM_OBJ): $(WASM)/obj/%.o: %.c $(WASM)/flags $(WASM)/expat
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(EMCC) $(WASM_CFLAGS) -MMD -MP $(WASM_CPPFLAGS) $(if $(filter core/%,$<),-Icore) @$(WASM)/expat -c -o $@ $<

$(WASM)/obj/viewer_page.o: $(BUILD)/sim/tool/viewer_page.c $(WASM)/expat
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(EMCC) $(WASM_CFLAGS) $(WASM_CPPFLAGS) -Isim/tool -c -o $@ $<

# As a library, so that only what is used is linked: no processes, no signals, no files.
$(WASM)/libplayground.a: $(WASM_OBJ) $(WASM)/obj/viewer_page.o $(WASM)/list
	$(say) AR $@
	$(Q)rm -f $@ && $(EMAR) rcs $@ $(filter %.o,$^)

$(WASM)/playground.wasm: $(WASM)/libplayground.a
	$(say) LD $@
	$(Q)$(EMCC) $(WASM_LDFLAGS) -o $@ $< -L$(WASM_HAS)/usr/lib -lexpat -lnettle -lidn

# Its time says to which sources it belongs (sim/tests/playground.sh).  The page has the folders of sim/, so that its modules find those of the viewer there, too.
$(PLAYGROUND)/index.html: sim/playground/page.html $(PLAYGROUND_PAGE) $(PLAYGROUND_VIEWER) $(WASM)/playground.wasm
	$(say) GEN $(PLAYGROUND)
	$(Q)rm -rf $(PLAYGROUND) && mkdir -p $(addprefix $(PLAYGROUND)/,playground viewer scenarios)
	$(Q)cp $(PLAYGROUND_PAGE) $(WASM)/playground.wasm $(PLAYGROUND)/playground
	$(Q)cp $(PLAYGROUND_VIEWER) $(PLAYGROUND)/viewer
	$(Q)sed -n "s/^    \['\([a-z/-]*\)', .*/\1.scs/p" sim/playground/examples.js | \
	    (cd scenarios && xargs cp --parents -t $(abspath $(PLAYGROUND))/scenarios)
	$(Q)cp sim/playground/page.html $@

-include $(wildcard $(WASM_OBJ:.o=.d))
