variable "name" {
  description = "What the network and everything in it is called."
  type        = string
}

variable "cidr_block" {
  description = "Addresses of the network, a /16."
  type        = string
}

variable "zone_count" {
  description = "In how many availability zones there are subnets."
  type        = number
  default     = 2
}
