" Scenarios of XMPP sessions (rehearse-scenario(5)), files *.scs
if exists('b:current_syntax')
    finish
endif

syntax match rehearsalComment '^\s*\(#\|//\|--\s\|--$\).*' contains=rehearsalTag
syntax match rehearsalTag '^##[^#].*' contained contains=rehearsalTagName
syntax match rehearsalTagName '^##\s*\zs[^:]*' contained
syntax match rehearsalRule '^---\+\s*$'
syntax match rehearsalSection '^\[[^]]*\]' nextgroup=rehearsalName skipwhite
syntax match rehearsalName '.*' contained
syntax match rehearsalProperty '^\s\+[a-z][A-Za-z_ ]*\ze:\(\s\|$\)'
syntax match rehearsalVerb '\<\(connects\|disconnects\|sends\|receives\|authenticates\|resumes\|binds\|pipelines\|opens\|closes\|restarts\|starts\|fails\|is\|are\|has\|have\|passes\|pass\|routes\|answers\|crashes\)\>'
syntax match rehearsalCondition '^\s*when\>.\{-},' contains=rehearsalString
syntax region rehearsalString start='"' skip='\\.' end='"' oneline contains=rehearsalEscape,rehearsalVariable
syntax match rehearsalEscape '\\\(["\\ntr]\|x\x\x\)' contained
syntax match rehearsalNumber '\<\d\+\>'
" In stanzas, the words of steps mean nothing.
syntax region rehearsalTagOfXml start='</\?[A-Za-z_?!]' end='>' contains=rehearsalString,rehearsalAttribute,rehearsalVariable
syntax match rehearsalAttribute '[A-Za-z_:.-]\+\ze=' contained
syntax region rehearsalText start='>\@<=[^<[:space:]]' end='\ze<\|$' contains=rehearsalVariable
syntax match rehearsalVariable '\${[^}]*}\|{scansion:[^}]*}'

highlight default link rehearsalComment Comment
highlight default link rehearsalTag PreProc
highlight default link rehearsalTagName Keyword
highlight default link rehearsalRule Delimiter
highlight default link rehearsalSection Type
highlight default link rehearsalName Identifier
highlight default link rehearsalProperty Label
highlight default link rehearsalVerb Statement
highlight default link rehearsalCondition Conditional
highlight default link rehearsalString String
highlight default link rehearsalEscape SpecialChar
highlight default link rehearsalNumber Number
highlight default link rehearsalTagOfXml Function
highlight default link rehearsalAttribute Identifier
highlight default link rehearsalText String
highlight default link rehearsalVariable Special

let b:current_syntax = 'rehearsal'
