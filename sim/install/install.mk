# Installation: the tool, the core as a library, and what belongs to them.
#
# manifest.sh lists the files, as lines "MODE FILE PLACE" and "link TARGET PLACE"; `make install` and `make uninstall`
# read the same list.  A distribution sets PREFIX, DESTDIR and the folders below.
PREFIX     ?= /usr/local
DESTDIR    ?=
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
DOCDIR     ?= $(DATADIR)/doc/rehearsal
BASHDIR    ?= $(DATADIR)/bash-completion/completions
ZSHDIR     ?= $(DATADIR)/zsh/site-functions
FISHDIR    ?= $(DATADIR)/fish/vendor_completions.d
VIMDIR     ?= $(DATADIR)/vim/vimfiles

# The library.  SOVERSION changes when a program that was linked with it would no longer run.
SOVERSION  = 0
CORE_NAME  = librehearsal-core
INSTALLED  = $(BUILD)/install
SHARED     = $(INSTALLED)/$(CORE_NAME).so.$(RELEASE)
STATIC     = $(INSTALLED)/$(CORE_NAME).a
OBJCOPY   ?= objcopy

# The core once more, as position-independent code, in which only what the public headers declare is visible.
PIC_OBJ    = $(CORE_SRC:%.c=$(BUILD)/pic/%.o)
PIC        = -fPIC -fvisibility=hidden -include sim/install/visible.h

$(PIC_OBJ): $(BUILD)/pic/%.o: %.c $(BUILD)/flags $(BUILD)/expat
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CFLAGS) $(PIC) -MMD -MP $(CPPFLAGS) -Icore @$(BUILD)/expat -c -o $@ $<

$(SHARED): $(PIC_OBJ) sim/install/core.map $(BUILD)/core.list
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(CORE_NAME).so.$(SOVERSION) -Wl,-z,defs \
	    -Wl,--version-script=sim/install/core.map -o $@ $(PIC_OBJ) $(CORE_LIBS)

# One object whose hidden names are local, so that they cannot meet those of the program.
$(STATIC): $(PIC_OBJ) $(BUILD)/core.list
	@mkdir -p $(@D)
	$(say) AR $@
	$(Q)$(CC) -r -nostdlib -o $(INSTALLED)/core.o $(PIC_OBJ) && $(OBJCOPY) --localize-hidden $(INSTALLED)/core.o
	$(Q)rm -f $@ && $(AR) rcs $@ $(INSTALLED)/core.o

# The pages and completions are printed by the tool; the language has its reference.
MADE       = $(INSTALLED)/made
$(MADE): $(BUILD)/rehearse scenarios/README.md $(wildcard sim/install/*) $(INSTALLED)/places
	$(say) MAN $(INSTALLED)
	$(Q)RELEASE='$(RELEASE)' SOVERSION='$(SOVERSION)' PREFIX='$(PREFIX)' LIBDIR='$(LIBDIR)' INCLUDEDIR='$(INCLUDEDIR)' \
	    sim/install/make.sh $(BUILD)/rehearse $(INSTALLED)
	@touch $@

$(INSTALLED)/places: HOLDS = $(RELEASE) $(PREFIX) $(LIBDIR) $(INCLUDEDIR)
$(INSTALLED)/places: FORCE
	@mkdir -p $(@D)
	@echo '$(HOLDS)' | cmp -s - $@ || echo '$(HOLDS)' > $@

manifest   = INSTALLED='$(INSTALLED)' REHEARSE='$(BUILD)/rehearse' RELEASE='$(RELEASE)' SOVERSION='$(SOVERSION)' \
             BINDIR='$(BINDIR)' LIBDIR='$(LIBDIR)' INCLUDEDIR='$(INCLUDEDIR)' DATADIR='$(DATADIR)' MANDIR='$(MANDIR)' \
             DOCDIR='$(DOCDIR)' BASHDIR='$(BASHDIR)' ZSHDIR='$(ZSHDIR)' FISHDIR='$(FISHDIR)' VIMDIR='$(VIMDIR)' \
             sim/install/manifest.sh

.PHONY: libraries install uninstall installed deps-installed deb deb-test deps-deb deps-deb-test

libraries: $(SHARED) $(STATIC) ## builds the core as a shared and a static library: build/install

install: ## installs the tool, the libraries, man pages and completions: make install PREFIX=/usr DESTDIR=/tmp/root
	+@$(SUBMAKE) $(BUILD)/rehearse $(SHARED) $(STATIC) $(MADE)
	@$(manifest) | sim/install/install.sh install '$(DESTDIR)'

uninstall: ## removes exactly these files, with the same PREFIX and DESTDIR
	+@$(SUBMAKE) $(BUILD)/rehearse $(MADE)
	@$(manifest) | sim/install/install.sh uninstall '$(DESTDIR)'

# Where there is no CMake its programs are skipped.
deps-installed:
	$(call install,$(RUN_PACKAGES) g++ pkg-config)

installed: deps-installed ## builds programs outside of the tree with an installed core, and runs them
	+@$(SUBMAKE) $(BUILD)/rehearse $(SHARED) $(STATIC) $(MADE)
	@MAKE='$(SUBMAKE)' sim/tests/installed.sh $(BUILD) $(CC)

# What `make deb` needs: the packaging is in .debian, because the source's own folders are those of README.md.
DEB_PACKAGES = $(RUN_PACKAGES) debhelper dpkg-dev lintian pkg-config
deps-deb:
	$(call install,$(DEB_PACKAGES))

deb: deps-deb ## makes Debian packages in build/deb, and checks them with lintian
	@JOBS=$(CORES) sim/install/deb.sh $(RELEASE)

deps-deb-test:
	$(call install,$(FRESH_PACKAGES))

deb-test: ## installs these packages on a minimal machine, and uses them (as root): make deb-test SUITE=trixie
	@sim/tests/deb_test.sh $(SUITE)
