package sample

// streetNames returns streets in and round Hackney, the busiest first. After the name stand the
// first half of the postcode and the digit that begins the second half.
func streetNames() string {
	return `Mare Street/E8/3, Kingsland Road/E2/8, Dalston Lane/E8/1, Stoke Newington Road/N16/7,
		Lower Clapton Road/E5/0, Upper Clapton Road/E5/9, Stamford Hill/N16/5, Green Lanes/N4/2,
		Queensbridge Road/E8/3, Homerton High Street/E9/6, Hackney Road/E2/7,
		Kingsland High Street/E8/2, Amhurst Road/E8/2, Stoke Newington High Street/N16/8,
		Seven Sisters Road/N4/2, Well Street/E9/7, Morning Lane/E9/6, Southgate Road/N1/3,
		De Beauvoir Road/N1/5, Hoxton Street/N1/6, Pitfield Street/N1/6, New North Road/N1/7,
		Old Street/EC1V/9, Great Eastern Street/EC2A/3, Curtain Road/EC2A/3,
		Rivington Street/EC2A/4, Shoreditch High Street/E1/6, City Road/N1/7, Cassland Road/E9/5,
		Victoria Park Road/E9/7, Wick Road/E9/5, Chatsworth Road/E5/0, Brooke Road/N16/7,
		Evering Road/N16/7, Rectory Road/N16/7, Cazenove Road/N16/6, Northwold Road/E5/8,
		Clapton Common/E5/9, Lea Bridge Road/E5/9, Mount Pleasant Lane/E5/9, Springfield/E5/9,
		Woodberry Down/N4/2, Lordship Road/N16/0, Manor Road/N16/5, Lordship Park/N16/5,
		Stoke Newington Church Street/N16/9, Albion Road/N16/9, Clissold Crescent/N16/9,
		Riversdale Road/N5/2, Blackstock Road/N4/2, Brownswood Road/N4/2, Wilberforce Road/N4/2,
		Finsbury Park Road/N4/2, Gloucester Drive/N4/2, Shacklewell Lane/E8/2,
		Sandringham Road/E8/2, Cecilia Road/E8/2, Downs Road/E5/8, Downs Park Road/E8/2,
		Pembury Road/E8/1, Navarino Road/E8/1, Graham Road/E8/1, Wilton Way/E8/1,
		Richmond Road/E8/3, Middleton Road/E8/4, Albion Drive/E8/4, Haggerston Road/E8/4,
		Whiston Road/E2/8, Laburnum Street/E2/8, Broadway Market/E8/4,
		London Fields East Side/E8/3, Lansdowne Drive/E8/3, Sylvester Road/E8/1, Paragon Road/E9/6,
		Frampton Park Road/E9/7, Loddiges Road/E9/6, Valentine Road/E9/7, Lauriston Road/E9/7,
		Gascoyne Road/E9/5, Kenworthy Road/E9/5, Daubeney Road/E5/0, Glyn Road/E5/0,
		Millfields Road/E5/0, Powerscroft Road/E5/0, Mandeville Street/E5/0, Rushmore Road/E5/0,
		Chailey Street/E5/0, Median Road/E5/0, Ashenden Road/E5/0, Homerton Road/E9/5,
		Eastway/E9/5, Berkshire Road/E9/5, White Post Lane/E9/5, Ponsford Street/E9/6,
		Barbauld Road/N16/0, Nevill Road/N16/8, Allen Road/N16/8, Boleyn Road/N16/8,
		Wordsworth Road/N16/8, Matthias Road/N16/8, Balls Pond Road/N1/4, Englefield Road/N1/3,
		Mortimer Road/N1/5, Downham Road/N1/5, Orsman Road/N1/5, Nuttall Street/N1/5,
		Falkirk Street/N1/6, Murray Grove/N1/7, Provost Street/N1/7, Shepherdess Walk/N1/7,
		High Road Leyton/E10/5, Church Road/E10/7, Tottenham High Road/N15/6, St Ann's Road/N15/6`
}

// buildingNames returns what a block of flats may be called; a kind of building follows.
func buildingNames() string {
	return `Acorn, Alder, Ashmore, Beechwood, Bluebell, Bramley, Calder, Cedar, Clayhall,
		Copperfield, Dovedale, Elmfield, Fairholme, Fernhurst, Granby, Greenway, Hawthorn, Hazel,
		Heron, Ivydene, Juniper, Kestrel, Kingfisher, Larkspur, Laurel, Linden, Maple, Marlow,
		Mayfield, Mulberry, Nightingale, Oakdale, Orchard, Pinewood, Primrose, Ravenscroft, Rowan,
		Sheldrake, St Bartholomew's, St Olave's, Sycamore, Teasel, Thistle, Walnut, Wenlock, Wren,
		Yew Tree`
}

// buildingKinds returns the second half of the name of a block of flats.
func buildingKinds() string {
	return "House, House, House, Court, Court, Point, Lodge, Mansions, Heights, Tower"
}
