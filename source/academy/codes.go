package academy

// The codes of Academy that this package goes by. What they mean is in no repository: all but
// liveClaim are assumptions, to be checked with the owners of Academy before it is put into use.
// Where one is wrong, details are missing, and never another's.
const (
	// TaxApplication is applic_id of what belongs to a council tax account.
	TaxApplication = "CT"
	// LeadLiable is syemail.person_type of whoever is first of those liable: reference_id is then
	// account_ref.
	LeadLiable = "L"
	// AccountPhone is syphone.ref_type of phones of an account: ref is then account_ref.
	AccountPhone = "A"
	// liveClaim is hbclaim.status_ind of a claim that is live.
	liveClaim = 1
)

// Further assumptions, each where it is made: that house_id counts the addresses of a claim, so
// that the row of the greatest is the latest word on a member (benefits); that an e-mail address
// without a last day is in use (emailInUse); that the details of a claim in syemail and syphone are
// nobody's among its members, and so are not read.

// NoEnd is the last day of what has none.
const NoEnd = "2099-12-31"
