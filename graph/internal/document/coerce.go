package document

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Variables returns the variables of an operation, read as the GraphQL specification says (section
// 6.1.2 of October 2021), or the fault of each. Numbers may be json.Number. It looks no deeper into
// a value than its type goes, and repeats no value.
func (d *Document) Variables(
	operation *ast.OperationDefinition, given map[string]any,
) (map[string]any, gqlerror.List) {
	var faults gqlerror.List
	read := make(map[string]any, len(operation.VariableDefinitions))
	for _, variable := range operation.VariableDefinitions {
		value, has := given[variable.Variable]
		if !has && variable.DefaultValue != nil {
			value, has = literal(variable.DefaultValue), true
		}
		path := "$" + variable.Variable
		switch {
		case has:
			coerced, err := coerce(d.schema, variable.Type, value, path)
			if err == nil && coerced == nil && d.notNull[operation][variable.Variable] {
				err = badVariable(path, "It may not be null where it is used")
			}
			if err != nil {
				faults = append(faults, err)
			}
			read[variable.Variable] = coerced
		case variable.Type.NonNull:
			faults = append(faults, badVariable(path, "It must be given"))
		}
	}
	return read, faults
}

func badVariable(path, fault string) *gqlerror.Error {
	return NewError(errcode.ValidationFailed, "Variable %s: %s", path, fault)
}

// coerce returns a value, as JSON or a default has it, as a value of its type.
func coerce(schema *ast.Schema, t *ast.Type, value any, path string) (any, *gqlerror.Error) {
	if value == nil {
		if t.NonNull {
			return nil, badVariable(path, "It may not be null")
		}
		return nil, nil
	}
	if t.Elem != nil {
		return coerceList(schema, t.Elem, value, path)
	}
	definition := schema.Types[t.NamedType]
	if definition.Kind == ast.InputObject {
		return coerceObject(schema, definition, value, path)
	}
	coerced, ok := coerceLeaf(definition, value)
	if !ok {
		return nil, badVariable(path, "It cannot be read as "+definition.Name)
	}
	return coerced, nil
}

// coerceList reads a list, and a single value as a list of one.
func coerceList(
	schema *ast.Schema, item *ast.Type, value any, path string,
) (any, *gqlerror.Error) {
	values, isList := value.([]any)
	if !isList {
		coerced, err := coerce(schema, item, value, path)
		return []any{coerced}, err
	}
	if len(values) > maxList {
		return nil, NewError(CodeTooComplex,
			"Variable %s is too complex: it has %d values in a list, and %d are allowed",
			path, len(values), maxList)
	}
	list := make([]any, len(values))
	for i, one := range values {
		var err *gqlerror.Error
		if list[i], err = coerce(schema, item, one, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func coerceObject(
	schema *ast.Schema, definition *ast.Definition, value any, path string,
) (any, *gqlerror.Error) {
	given, ok := value.(map[string]any)
	if !ok {
		return nil, badVariable(path, "It cannot be read as "+definition.Name)
	}
	for name := range given {
		if definition.Fields.ForName(name) == nil { // its name may be anything: it is not repeated
			return nil, badVariable(path, "It has a field that "+definition.Name+" has not")
		}
	}
	object := make(map[string]any, len(given))
	for _, field := range definition.Fields {
		one, has := given[field.Name]
		if !has && field.DefaultValue != nil {
			one, has = literal(field.DefaultValue), true
		}
		below := path + "." + field.Name
		if !has {
			if field.Type.NonNull {
				return nil, badVariable(below, "It must be given")
			}
			continue
		}
		var err *gqlerror.Error
		if object[field.Name], err = coerce(schema, field.Type, one, below); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// coerceLeaf reads a scalar or a value of an enum. Scalars of our own are written as strings, and
// what is in them is for those who unmarshal them to say.
func coerceLeaf(definition *ast.Definition, value any) (any, bool) {
	switch definition.Name {
	case "Int":
		n, ok := integer(value)
		return n, ok && n >= math.MinInt32 && n <= math.MaxInt32
	case "Float":
		return number(value)
	case "Boolean":
		b, ok := value.(bool)
		return b, ok
	case "ID":
		if n, ok := integer(value); ok {
			return strconv.FormatInt(n, 10), true
		}
	case "_Any":
		object, ok := value.(map[string]any)
		return object, ok
	default:
	}
	s, ok := value.(string)
	if definition.Kind == ast.Enum && definition.EnumValues.ForName(s) == nil {
		return nil, false
	}
	return s, ok
}

// integer reads a whole number. JSON knows one kind of number only, so that 1.0 is one.
func integer(value any) (int64, bool) {
	switch n := value.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case json.Number:
		if whole, err := n.Int64(); err == nil {
			return whole, true
		}
	default:
	}
	const exact = 1 << 53 // beyond it a float may be another number than the one that was written
	f, ok := number(value)
	return int64(f), ok && f == math.Trunc(f) && math.Abs(f) < exact
}

func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, !math.IsInf(n, 0) && !math.IsNaN(n)
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	default:
		return 0, false
	}
}

// literal returns the value of a literal that validation has let pass.
func literal(value *ast.Value) any {
	v, err := value.Value(nil)
	if err != nil {
		panic(err) // numbersFit has read it
	}
	return v
}
