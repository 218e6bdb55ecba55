"""A small part of the Common Expression Language (CEL, cel.dev), for values made from others and for checks.

The grammar is CEL's own, as `cel-python` holds it. What may be said in it is what registries need: comparing and
combining the values of variables. Three things differ from CEL on purpose, because people who do not program write it:

* numbers are exact decimals, whole or not: 1 / 2 is 0.5, and 0.1 + 0.2 == 0.3;
* a code is compared with meanings that its variable has, a name is that of a variable: anything else is refused when
  the definition is read;
* a time may be known inexactly; a comparison is true or false only when it is so for every moment that is meant.
"""

from __future__ import annotations

from registries.expressions.compiling import Expression as Expression
from registries.expressions.compiling import compile_expression as compile_expression
from registries.expressions.syntax import names_in as names_in
from registries.expressions.types import ExpressionError as ExpressionError
from registries.expressions.types import Operand as Operand
from registries.expressions.types import Type as Type
