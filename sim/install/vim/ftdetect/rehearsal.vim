autocmd BufNewFile,BufRead *.scs setfiletype rehearsal
