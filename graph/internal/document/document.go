// Package document reads what a caller sent, once: it scans and parses the text, holds it to the
// limits, validates it against the schema, and reads the variables. It knows the schema, and
// nothing of residents. Read reader.go first, then document.go.
package document

import (
	"errors"
	"strconv"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// A Document is a text that has been read, is within the limits and is valid. Requests share it,
// and none may change it.
type Document struct {
	*ast.QueryDocument

	schema *ast.Schema
	// notNull are the variables of each operation that stand where null may not. Those whose type
	// allows null may stand there too, where there is a default.
	notNull       map[*ast.OperationDefinition]map[string]bool
	asksForSchema bool
	weight        int // about how much memory it takes, in bytes
}

// weightOfToken is about the most that a token becomes in memory, read and validated.
const weightOfToken = 300

// read returns the document of a text, or its faults. What each step costs is bounded by the one
// before it: the parser by scan, validation by the limits.
func read(schema *ast.Schema, text string, suggestNames bool) (*Document, gqlerror.List) {
	tokens, fault := scan(text)
	if fault != nil {
		return nil, gqlerror.List{fault}
	}
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, maxTokens)
	if err != nil {
		return nil, gqlerror.List{parseError(err)}
	}
	if len(parsed.Operations) == 0 {
		return nil, gqlerror.List{NewError(errcode.ValidationFailed,
			"The document has no operation")}
	}
	if fault := checkLimits(parsed); fault != nil {
		return nil, gqlerror.List{fault}
	}
	d := &Document{
		QueryDocument: parsed,
		schema:        schema,
		notNull:       make(map[*ast.OperationDefinition]map[string]bool),
		weight:        len(text) + tokens*weightOfToken,
	}
	valid := rules.NewDefaultRules()
	valid.AddRule("NumbersFit", numbersFit)
	valid.AddRule("NotNull", d.keepNotNull)
	valid.AddRule("Schema", d.noteSchema)
	if !suggestNames {
		valid.ReplaceRule(rules.FieldsOnCorrectTypeRule.Name,
			rules.FieldsOnCorrectTypeRuleWithoutSuggestions.RuleFunc)
		valid.ReplaceRule(rules.KnownArgumentNamesRule.Name,
			rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
		valid.ReplaceRule(rules.KnownTypeNamesRule.Name,
			rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
		valid.ReplaceRule(rules.ScalarLeafsRule.Name,
			rules.ScalarLeafsRuleWithoutSuggestions.RuleFunc)
		valid.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name,
			rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	}
	if faults := validator.ValidateWithRules(schema, parsed, valid); len(faults) > 0 {
		return nil, validationErrors(faults)
	}
	return d, nil
}

// numbersFit is a rule that gqlparser lacks: that a number fits an Int, and that what is no Int can
// be read at all. Of numbers that no Int could be read from, gqlparser tells itself.
func numbersFit(observers *core.Events, addError core.AddErrFunc) {
	observers.OnValue(func(_ *core.Walker, value *ast.Value) {
		if value.Kind != ast.IntValue && value.Kind != ast.FloatValue {
			return
		}
		_, err := value.Value(nil)
		known := value.Definition != nil &&
			value.Definition.OneOf("Int", "Float", "String", "Boolean", "ID")
		if err != nil && !known {
			addError(core.Message("The number is too large"), core.At(value.Position))
		}
		if err != nil || !known || value.Definition.Name != "Int" || value.Kind != ast.IntValue {
			return
		}
		_, err = strconv.ParseInt(value.Raw, 10, 32)
		if errors.Is(err, strconv.ErrRange) {
			addError(core.Message("Int cannot represent a number of more than 32 bits"),
				core.At(value.Position))
		}
	})
}

// keepNotNull is no rule: it keeps what validation comes past.
func (d *Document) keepNotNull(observers *core.Events, _ core.AddErrFunc) {
	observers.OnValue(func(walker *core.Walker, value *ast.Value) {
		operation := walker.CurrentOperation
		if operation == nil || value.Kind != ast.Variable ||
			value.ExpectedType == nil || !value.ExpectedType.NonNull {
			return
		}
		if d.notNull[operation] == nil {
			d.notNull[operation] = make(map[string]bool)
		}
		d.notNull[operation][value.Raw] = true
	})
}

// noteSchema is no rule either.
func (d *Document) noteSchema(observers *core.Events, _ core.AddErrFunc) {
	observers.OnField(func(_ *core.Walker, field *ast.Field) {
		d.asksForSchema = d.asksForSchema || field.Name == "__schema" || field.Name == "__type"
	})
}

// AsksForSchema reports whether any operation of the document asks for a part of the schema.
func (d *Document) AsksForSchema() bool { return d.asksForSchema }

// Operation returns the operation of that name, or the only one when the name is blank.
func (d *Document) Operation(name string) (*ast.OperationDefinition, *gqlerror.Error) {
	operation := d.Operations.ForName(name)
	if operation == nil {
		return nil, NewError(errcode.ValidationFailed,
			"The document has no operation of that name; it must be named where there are several")
	}
	return operation, nil
}
